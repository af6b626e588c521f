import { expect, test } from "vitest";
import { drawShadow } from "@/features/studio/placing/shadow";

/** A row of grey pixels. */
const row = (...greys: number[]) => ({
  data: Uint8ClampedArray.from(greys.flatMap((grey) => [grey, grey, grey, 255])),
  width: greys.length,
  height: 1,
});
const densities = ({ data }: { data: Uint8ClampedArray }) =>
  [...data].filter((_, at) => at % 4 === 3).map((alpha) => Math.round((alpha / 255) * 10) / 10);

test("a shadow is what is darker beside the product than without it", () => {
  const into = row(0, 0, 0, 0);
  expect(drawShadow(row(200, 100, 30, 198), row(0, 0, 255, 0), row(200, 200, 200, 200), into)).toBe(true);
  expect(densities(into)).toEqual([0, 0.5, 0, 0]);
});

test("a ground that is brighter somewhere is another ground, from which no shadow can be taken", () => {
  const into = row(0, 0);
  expect(drawShadow(row(220, 100), row(0, 0), row(200, 200), into)).toBe(false);
});
