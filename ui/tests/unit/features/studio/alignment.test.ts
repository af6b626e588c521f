import { expect, it } from "vitest";
import { between, isAffine, alignmentStyle, type Affine } from "@/features/studio/stage/alignment";

it("a known map lays the photo at the picture's scale, shifted in shares of itself", () => {
  const laid = alignmentStyle(
    { width: 1000, height: 500 },
    { width: 2000, height: 2000 },
    [2, 0, 100, 0, 2, 50],
  );
  expect(laid).toEqual({
    width: "50%",
    height: "25%",
    transform: "translate(10%, 10%) matrix(2, 0, 0, 2, 0, 0)",
  });
});

it("a turned map goes into the matrix column by column", () => {
  expect(
    alignmentStyle({ width: 10, height: 10 }, { width: 10, height: 10 }, [0, -1, 0, 1, 0, 0]).transform,
  ).toContain("matrix(0, 1, -1, 0, 0, 0)");
});

it("without a map the photo is shown whole in the middle", () => {
  const laid = alignmentStyle({ width: 1000, height: 500 }, { width: 800, height: 800 }, null);
  expect(laid).toEqual({ width: "100%", height: "50%", transform: "translate(0%, 50%)" });
});

it("only six finite numbers are a map", () => {
  expect(isAffine([1, 0, 0, 0, 1, 0])).toBe(true);
  expect(isAffine([1, 0, 0, 0, 1])).toBe(false);
  expect(isAffine([1, 0, 0, 0, 1, NaN])).toBe(false);
  expect(isAffine(null)).toBe(false);
});

it("two pictures of one photo lie product on product", () => {
  const from: Affine = [2, 0.5, 10, -0.5, 2, 20];
  const to: Affine = [3, 0, -5, 0.25, 3, 7];
  const put = ([a, b, c, d, e, f]: Affine, [x, y]: [number, number]): [number, number] => [
    a * x + b * y + c,
    d * x + e * y + f,
  ];
  const map = between(from, to);
  expect(map).not.toBeNull();
  const [x, y] = put(map ?? from, put(from, [120, 340]));
  const [wantedX, wantedY] = put(to, [120, 340]);
  expect(x).toBeCloseTo(wantedX);
  expect(y).toBeCloseTo(wantedY);
  expect(between(null, to)).toBeNull();
  expect(between([0, 0, 1, 0, 0, 1], to)).toBeNull();
});
