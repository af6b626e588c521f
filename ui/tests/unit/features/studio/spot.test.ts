import { expect, it } from "vitest";
import { detailPointOf } from "@/features/studio/stage/alignment";

const picture = { width: 1000, height: 500 };

it("the closer look goes to the lettering, wherever the picture has put it", () => {
  const logo = { x: 100, y: 100, w: 200, h: 100 };
  expect(detailPointOf(picture, [2, 0, 100, 0, 2, -50], logo, null)).toEqual({ x: 0.5, y: 0.5 });
});

it("without lettering it goes to the product, and without that to the middle", () => {
  expect(detailPointOf(picture, null, null, [100, 100, 200, 100])).toEqual({ x: 0.2, y: 0.3 });
  expect(detailPointOf(picture, null, null, undefined)).toEqual({ x: 0.5, y: 0.5 });
});
