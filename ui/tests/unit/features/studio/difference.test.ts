import { expect, it } from "vitest";
import { deltaE, drawRows, labOf, outlineOf, type Lab } from "@/features/studio/stage/difference";

/** From the test data of Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference Formula", 2005. */
const published: [Lab, Lab, number][] = [
  [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
  [[50, -1.3802, -84.2814], [50, 0, -82.7485], 1.0],
  [[50, 2.49, -0.001], [50, -2.49, 0.0009], 7.1792],
  [[50, 2.5, 0], [73, 25, -18], 27.1492],
  [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
  [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
  [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
];

it.each(published)(
  "the difference of %j and %j is the published %f, either way round",
  (one, other, distance) => {
    expect(deltaE(one, other)).toBeCloseTo(distance, 4);
    expect(deltaE(other, one)).toBeCloseTo(distance, 4);
  },
);

it("white, black and a primary are where CIELAB puts them", () => {
  expect(labOf(255, 255, 255)[0]).toBeCloseTo(100, 3);
  expect(labOf(0, 0, 0)[0]).toBeCloseTo(0, 3);
  const [lightness, a, b] = labOf(255, 0, 0);
  expect([lightness, a, b].map(Math.round)).toEqual([53, 80, 67]);
});

it("the same is black, the far apart white, and where nothing is shown nothing is compared", () => {
  const pixels = (...data: number[]) => ({ data: Uint8ClampedArray.from(data), width: 3, height: 1 });
  const one = pixels(90, 90, 90, 255, 255, 255, 255, 255, 10, 10, 10, 255);
  const other = pixels(90, 90, 90, 255, 0, 0, 0, 255, 200, 200, 200, 0);
  const into = pixels(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  expect(drawRows(one, other, into, 0, 1)).toEqual({ compared: 2, visible: 1 });
  expect([...into.data]).toEqual([0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0]);
});

it("the outline of a matte is what has something else beside it, and the frame counts as such", () => {
  const rows = ["....", ".##.", ".##.", "...."];
  const data = new Uint8ClampedArray(
    rows
      .join("")
      .split("")
      .flatMap((each) => [each === "#" ? 255 : 0, 0, 0, 255]),
  );
  expect(outlineOf({ data, width: 4, height: 4 })).toEqual([1, 1, 2, 1, 1, 2, 2, 2]);
  const full = new Uint8ClampedArray(9 * 4).fill(255);
  expect(outlineOf({ data: full, width: 3, height: 3 })).toHaveLength(16);
});
