import { expect, test } from "vitest";
import { nextToReview, phaseOf, timeLeft, type Item } from "@/features/batch/list";
import { jobOf, variantOf } from "./server";

const none = new Set<string>();
const itemOf = (id: string, part: Partial<Item>): Item => ({
  id,
  place: 1,
  name: id,
  idempotencyKey: id,
  imageId: null,
  sessionId: null,
  thumbnailUrl: null,
  job: null,
  spentBefore: 0,
  due: null,
  trouble: null,
  adoptedId: null,
  shown: 0,
  confined: null,
  skipped: false,
  ...part,
});
const done = (id: string) =>
  itemOf(id, { job: jobOf({ status: "succeeded", variants: [variantOf(id, 1)] }) });

test("no time is told before three are done, and then the pace of the last ten counts", () => {
  expect(timeLeft([0, 10], 5)).toBeNull();
  expect(timeLeft([0, 10, 20], 5)).toBe(50);
  const slowThenQuick = [0, 1000, 2000, ...Array.from({ length: 10 }, (_, i) => 3000 + i)];
  expect(timeLeft(slowThenQuick, 4)).toBe(4);
});

test("a stopped job that brought a picture counts as done, one without as failed", () => {
  const failed = jobOf({ status: "failed" });
  expect(phaseOf(itemOf("a", { job: failed }), none)).toBe("failed");
  expect(phaseOf(itemOf("a", { job: { ...failed, variants: [variantOf("a", 1)] } }), none)).toBe("done");
});

test("the review goes forward, comes round once, and ends when all is decided", () => {
  const items = [done("a"), itemOf("b", { due: "first" }), done("c"), { ...done("d"), skipped: true }];
  expect(nextToReview(items, null, none)).toBe("a");
  expect(nextToReview(items, "a", none)).toBe("c");
  expect(nextToReview(items, "c", none)).toBe("a");
  expect(nextToReview([{ ...done("a"), skipped: true }], "a", none)).toBeNull();
});
