import { describe, expect, test } from "vitest";
import {
  boxBetween,
  isFar,
  MOST_STROKES,
  pointOf,
  radiusOf,
  untouched,
  withStroke,
  type Stroke,
} from "@/features/cutout/correction";

const strokeOf = (points: number): Stroke => ({
  mode: "add",
  radius: 0.02,
  points: Array.from({ length: points }, (_, i) => [i / 10_000, 0.5]),
});

describe("a stroke", () => {
  test("that is too long for one is cut into parts that share a point, and loses none", () => {
    const long = strokeOf(1000);
    const { strokes } = withStroke(untouched, long) ?? untouched;
    expect(strokes.every(({ points }) => points.length <= 400)).toBe(true);
    const joined = strokes.flatMap(({ points }, i) => (i === 0 ? points : points.slice(1)));
    expect(joined).toEqual(long.points);
  });

  test("finds no room where there are as many as the server takes", () => {
    const full = { ...untouched, strokes: Array.from({ length: MOST_STROKES }, () => strokeOf(1)) };
    expect(withStroke(full, strokeOf(1))).toBeNull();
    expect(withStroke(untouched, strokeOf(6001))).toBeNull();
  });

  test("keeps its points inside what may leave the photo, and says pressure only of a pen", () => {
    expect(pointOf(-7, 9, null)).toEqual([-1, 2]);
    expect(pointOf(0.123456, 0.5, 0.51)).toEqual([0.1235, 0.5, 0.51]);
  });

  test("drops points that lie closer than a hand can mean, on the longer side's scale", () => {
    const wide = { width: 2000, height: 1000 };
    expect(isFar([0.5, 0.5], [0.504, 0.5], 0.02, wide)).toBe(false);
    expect(isFar([0.5, 0.5], [0.506, 0.5], 0.02, wide)).toBe(true);
    expect(isFar([0.5, 0.5], [0.5, 0.508], 0.02, wide)).toBe(false);
  });
});

test("a brush is a share of the longer side, within what the server takes", () => {
  expect(radiusOf(56, 2048)).toBeCloseTo(28 / 2048, 4);
  expect(radiusOf(1, 8000)).toBe(0.001);
  expect(radiusOf(4000, 2000)).toBe(0.25);
});

test("a box goes between two corners whichever comes first, and never leaves the photo", () => {
  expect(boxBetween([0.8, 0.9], [-0.2, 0.4])).toEqual({ x: 0, y: 0.4, w: 0.8, h: 0.5 });
  expect(boxBetween([0.5, 0.5], [0.51, 0.9])).toBeNull();
});
