// @vitest-environment jsdom
import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { cacheVariant, sessionQuery } from "@/api/queries";
import { jobOf } from "../jobs";

type Variant = Schemas["Variant"];

const KEY = sessionQuery("ses_1").queryKey;

const variant = (id: string, part: Partial<Variant>) =>
  ({ id, job_id: "job_1", session_id: "ses_1", adopted: false, ...part }) as Variant;

function rolesAfter(shown: Variant, landed: Variant) {
  const client = new QueryClient();
  client.setQueryData(KEY, {
    id: "ses_1",
    jobs: [jobOf({})],
    variants: [shown],
  } as unknown as Schemas["Session"]);
  cacheVariant(client, landed);
  return client.getQueryData(KEY)?.variants.map(({ role }) => role);
}

test("a candidate takes the place of its provider's preview", () => {
  const preview = variant("p", { role: "preview", model_used: "local/isnet" });
  const candidate = variant("c", { role: "candidate", model_used: "local/isnet" });
  expect(rolesAfter(preview, candidate)).toEqual(["candidate"]);
});

test.each([
  ["a preview that was chosen", { adopted: true }, "local/isnet"],
  ["the local preview beside a cloud's candidate", {}, "gemini/image"],
])("%s stays", (_, more, model_used) => {
  const preview = variant("p", { role: "preview", model_used: "local/isnet", ...more });
  expect(rolesAfter(preview, variant("c", { role: "candidate", model_used }))).toEqual([
    "preview",
    "candidate",
  ]);
});
