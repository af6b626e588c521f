import { expect, test } from "vitest";
import { freeTop } from "@/shared/ui/layers/free-place";

const box = (left: number, top: number, width: number, height: number) => ({
  ...{ left, top },
  right: left + width,
  bottom: top + height,
});
const toast = box(100, 60, 200, 40);

test("a toast stays at its usual place while no control is below it", () => {
  expect(freeTop(toast, [box(0, 0, 375, 52), box(320, 60, 50, 40)], 740)).toBe(60);
});

test("a toast moves to the nearest place between controls", () => {
  const head = [box(0, 0, 375, 52), box(90, 64, 120, 36), box(220, 64, 120, 36)];
  expect(freeTop(toast, head, 740)).toBe(108);
  expect(freeTop(toast, [...head, box(0, 130, 375, 200)], 740)).toBe(338);
});

test("a toast on a screen full of controls covers the smallest share of one, and stays in the window", () => {
  const tiles = [box(0, 0, 375, 60), box(0, 60, 375, 340), box(0, 400, 375, 340)];
  const top = freeTop(toast, tiles, 740);
  expect(top).toBeGreaterThanOrEqual(60);
  expect(top).toBeLessThanOrEqual(692);
});
