// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { forwardOf } from "@/features/studio/hooks/use-history";
import { turnsOf } from "@/features/studio/turns";

const job = (id: string) => ({ id, created_at: id, status: "succeeded" });
const variant = (id: string, job_id: string, parent_id: string | null) => ({
  id,
  job_id,
  parent_id,
  ordinal: 1,
  role: "candidate",
});
const variants = [
  variant("a", "job_1", null),
  variant("b", "job_2", "a"),
  variant("c", "job_3", "a"),
] as unknown as Schemas["Variant"][];
const turns = turnsOf({
  jobs: ["job_1", "job_2", "job_3"].map(job),
  variants,
} as unknown as Schemas["Session"]);

test("forward leads to the picture that was left by going back, else to the newest made of this one", () => {
  const [a, b] = variants;
  expect(forwardOf(turns, a ?? null, ["b"])?.id).toBe("b");
  expect(forwardOf(turns, a ?? null, [])?.id).toBe("c");
  expect(forwardOf(turns, null, [])?.id).toBe("a");
  expect(forwardOf(turns, b ?? null, ["b"])).toBeNull();
});
