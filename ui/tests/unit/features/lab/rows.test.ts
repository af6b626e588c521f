import { expect, it } from "vitest";
import type { GoldenComparison } from "@/features/lab/queries";
import { measuresOf, placesOf, rowsOf, shownRows, votedPlace } from "@/features/lab/rows";
import { aCase, aRun } from "./runs";

const names = Array.from({ length: 40 }, (_, number) => `case_${number}`);
const all = names.map((name) => aCase(name));

it("no run stands at the same letter everywhere, and a reload changes nothing", () => {
  const runs = ["20261124-204100-aaaa", "20261124-204100-aaab", "20261122-091000-aaaa"].map((id) =>
    aRun(id, all),
  );
  const orders = rowsOf(runs, undefined).map((row) => row.entries.map(({ run }) => run.id).join());
  expect(new Set(orders).size).toBeGreaterThan(3);
  for (const place of [0, 1, 2]) {
    const there = new Set(orders.map((order) => order.split(",")[place]));
    expect(there.size).toBe(3);
  }
  expect(rowsOf(runs, undefined).map((row) => row.entries.map(({ run }) => run.id).join())).toEqual(orders);
});

it("a vote counts for the pictures it was given among, and for no others", () => {
  const voted = (id: string, choice: string | null) =>
    aRun(id, [aCase("mug", { voted: true, my_vote: choice })]);
  const [both] = rowsOf([voted("r-1", "r-2"), voted("r-2", "r-2")], undefined);
  expect(both?.entries.findIndex(({ run }) => run.id === "r-2")).toBe(both && votedPlace(both));
  const [none] = rowsOf([voted("r-1", null), voted("r-2", null)], undefined);
  expect(none && votedPlace(none)).toBe(-1);
  const [alone] = rowsOf([voted("r-1", "r-2")], undefined);
  expect(alone && votedPlace(alone)).toBeNull();
  const [half] = rowsOf([voted("r-1", "r-1"), aRun("r-2", [aCase("mug")])], undefined);
  expect(half && votedPlace(half)).toBeNull();
});

it("a case waits for a vote only while it has a picture", () => {
  const failed = { picture_url: null, ok: false };
  const runs = [
    aRun("r-1", [aCase("mug", failed), aCase("watch", failed), aCase("vase")]),
    aRun("r-2", [aCase("mug", failed), aCase("watch"), aCase("vase")]),
  ];
  const rows = rowsOf(runs, undefined);
  expect(rows.map((row) => placesOf(row).length)).toEqual([0, 1, 2]);
  expect(shownRows(rows, "open", "worst").map(({ name }) => name)).toEqual(["watch", "vase"]);
});

it("the filter for regressions keeps cases that are significantly worse", () => {
  const change = { before: 0.99, after: 0.9, low: -0.1, high: -0.08, scope: "case" as const };
  const comparison: GoldenComparison = {
    before: "r-1",
    after: "r-2",
    differences: [],
    changes: [
      { ...change, measure: "alpha_iou", about: "case_3", is_worse: true },
      { ...change, measure: "alpha_iou", about: "case_4", is_worse: false },
      { ...change, measure: "alpha_iou", about: "case_5", scope: "category", is_worse: true },
    ],
  };
  const rows = shownRows(rowsOf([aRun("r-2", all)], comparison), "worse", "worst");
  expect(rows.map(({ name, worse }) => [name, worse])).toEqual([["case_3", ["alpha_iou"]]]);
});

it("the server's order is worst first; others are made from it without changing it", () => {
  const run = aRun("r-1", [
    aCase("b", { first_image_ms: 10 }),
    aCase("c", { first_image_ms: 30 }),
    aCase("a"),
  ]);
  const rows = rowsOf([run], undefined);
  expect(shownRows(rows, "all", "worst").map(({ name }) => name)).toEqual(["b", "c", "a"]);
  expect(shownRows(rows, "all", "name").map(({ name }) => name)).toEqual(["a", "b", "c"]);
  expect(shownRows(rows, "all", "slowest").map(({ name }) => name)).toEqual(["a", "c", "b"]);
});

it("measures are short, leave out what was not measured, and say what lies past its limit", () => {
  const measures = measuresOf(
    aCase("glass", { alpha_iou: 0.931, label_ssim: null, auto_notes: ["alpha_iou"], first_image_ms: 12_400 }),
  );
  expect(measures).toContainEqual({ name: "alpha_iou", text: ".931", past: true });
  expect(measures).toContainEqual({ name: "product_delta_e", text: "0.4", past: false });
  expect(measures).toContainEqual({ name: "first_image_ms", text: "12400 ms", past: true });
  expect(measures.map(({ name }) => name)).not.toContain("label_ssim");
});
