import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { countOf, isRetryable, nextToReview, reasonsOf, stageOf, type Status } from "@/features/batch/items";

const items = (...statuses: Status[]) =>
  statuses.map(
    (status, place) => ({ id: String(place), status, variant_id: `var_${place}` }) as Schemas["BatchItem"],
  );

test("items to review come before passed ones, and decided items do not come again", () => {
  const some = items("succeeded", "approved", "needs_review", "failed", "succeeded", "needs_review");
  expect(nextToReview(some, null)).toBe("2");
  expect(nextToReview(some, "2")).toBe("5");
  expect(nextToReview(some, "5")).toBe("2");
  expect(nextToReview(items("succeeded", "rejected"), "1")).toBe("0");
  expect(nextToReview(items("succeeded"), "0")).toBeNull();
});

test("an item that failed, or of which a file is missing, can be made again", () => {
  const [failed, canceled, passed, approved] = items("failed", "canceled", "succeeded", "approved").map(
    (item) => ({ ...item, warnings: item.status === "approved" ? ["export_failed"] : [] }),
  );
  expect([failed, canceled, passed, approved].map((item) => item && isRetryable(item))).toEqual([
    ...[true, true, false, true],
  ]);
});

test("the groups of the filter add up", () => {
  const counts = {
    ...{
      waiting: 1,
      running: 2,
      succeeded: 3,
      failed: 4,
      needs_review: 5,
      approved: 6,
      rejected: 7,
      canceled: 8,
    },
  };
  expect(countOf(counts, "all")).toBe(36);
  expect(countOf(counts, "failed")).toBe(12);
  expect(countOf(counts, "open")).toBe(3);
});

test("a batch with all its pictures writes files until it has finished", () => {
  const none = { waiting: 0, running: 0, succeeded: 3, failed: 0, needs_review: 1 };
  const counts = { ...none, approved: 0, rejected: 0, canceled: 0 };
  expect(stageOf({ status: "running", counts: { ...counts, running: 1 } })).toBe("running");
  expect(stageOf({ status: "running", counts })).toBe("writing");
  expect(stageOf({ status: "paused", counts })).toBe("paused");
  expect(stageOf({ status: "finished", counts })).toBe("finished");
});

test("what is wrong with a picture is said before its low score", () => {
  expect(reasonsOf({ warnings: ["below_quality", "below_confidence", "product_cut"] })).toEqual([
    ...["product_cut", "below_quality", "below_confidence"],
  ]);
});
