// @vitest-environment jsdom
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { cacheJob, cacheVariant, sessionQuery } from "@/api/queries";
import { jobOf } from "../jobs";
import { serve } from "../server";

type Variant = Schemas["Variant"];

const KEY = sessionQuery("ses_1").queryKey;

const variant = (id: string, part: Partial<Variant>) =>
  ({ id, job_id: "job_1", session_id: "ses_1", adopted: false, ...part }) as Variant;

const preview = variant("p", { role: "preview" });
const candidate = variant("c", { role: "candidate" });

function rolesAfter(act: (client: QueryClient) => void) {
  const client = new QueryClient();
  client.setQueryData(KEY, {
    id: "ses_1",
    jobs: [jobOf({})],
    variants: [preview],
  } as unknown as Schemas["Session"]);
  act(client);
  return client.getQueryData(KEY)?.variants.map(({ role }) => role);
}

test("a picture takes the place of the preview that its event names", () => {
  expect(rolesAfter((client) => cacheVariant(client, candidate, "p"))).toEqual(["candidate"]);
});

test("a preview stays beside a picture whose event names none", () => {
  expect(rolesAfter((client) => cacheVariant(client, candidate, null))).toEqual(["preview", "candidate"]);
});

test.each([
  ["disappears once the job lists only its candidate", [candidate], ["candidate"]],
  ["stays while the job lists both", [preview, candidate], ["preview", "candidate"]],
  ["stays when an older answer of the job lists no picture", [], ["preview"]],
])("a preview %s", (_, variants, left) => {
  expect(rolesAfter((client) => cacheJob(client, jobOf({ session_id: "ses_1", variants })))).toEqual(left);
});

test("a new job stays when an older answer of its product arrives after it", async () => {
  const [first, second] = [jobOf({ id: "job_1" }), jobOf({ id: "job_2" })];
  const productOf = (jobs: Schemas["Job"][]) =>
    ({ id: "ses_1", jobs, variants: [] }) as unknown as Schemas["Session"];
  let answerOlder: (product: Schemas["Session"]) => void = () => undefined;
  const older = new Promise<Schemas["Session"]>((done) => (answerOlder = done));
  const asked = serve(() => (asked.length === 1 ? older : productOf([first, second])));
  const client = new QueryClient();
  client.setQueryData(KEY, productOf([first]));
  onTestFinished(new QueryObserver(client, sessionQuery("ses_1")).subscribe(() => undefined));
  await vi.waitFor(() => expect(asked).toHaveLength(1));

  cacheJob(client, second);
  answerOlder(productOf([first]));

  await vi.waitFor(() => expect(client.isFetching()).toBe(0));
  expect(client.getQueryData(KEY)?.jobs.map(({ id }) => id)).toEqual(["job_1", "job_2"]);
});
