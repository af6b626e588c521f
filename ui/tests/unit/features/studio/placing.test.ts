import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import {
  boxOf,
  framingOf,
  clampPlacing,
  placedIn,
  snapToCentre,
  placingAfterKey,
} from "@/features/studio/placing/placing";

const variant = (
  subject_box: unknown,
  kind = "white",
  framing: object = { rotation_deg: 0 },
  scene?: string,
) =>
  ({
    measures: { subject_box, scene },
    plan: { backdrop: { kind }, framing },
    image: { width: 1000, height: 2000 },
  }) as unknown as Schemas["Variant"];

const found = placedIn(variant([300, 800, 400, 800]));
if (!found) throw new Error("no product");
const placed = found;

test("a product's place is read from its box, and its size is its larger share of a side", () => {
  expect(placed.placing).toEqual({ x: 0.5, y: 0.6, fill: 0.4, turn: 0 });
  const box = boxOf(placed, placed.placing);
  expect(box.left).toBeCloseTo(0.3);
  expect(box.top).toBeCloseTo(0.4);
  expect(box.width).toBeCloseTo(0.4);
  expect(box.height).toBeCloseTo(0.4);
});

test("a turned product keeps the size that was planned, not that of its larger box", () => {
  const turned = placedIn(variant([300, 800, 400, 800], "white", { rotation_deg: 20, fill: 0.3 }));
  if (!turned) throw new Error("no product");
  expect(turned.placing).toMatchObject({ fill: 0.3, turn: 20 });
  expect(boxOf(turned, turned.placing)).toMatchObject({ left: 0.3, width: 0.4, height: 0.4 });
  expect(framingOf(turned.placing, { ...turned.placing, fill: 0.15 })).toMatchObject({ fill: 0.15 });
});

test("a painted picture is not turned, and moves only as far as a closer crop still fills the frame", () => {
  const fixed = placedIn(variant([300, 800, 400, 800], "white", { rotation_deg: 0 }, "painted"));
  if (!fixed) throw new Error("no product");
  expect(clampPlacing(fixed, { x: 0.8, y: 0.2, fill: 0.2, turn: 9 })).toEqual(fixed.placing);
  expect(clampPlacing(fixed, { x: 0.9, y: 0.1, fill: 0.5, turn: 0 })).toEqual({
    x: expect.closeTo(0.625) as number,
    y: expect.closeTo(0.5) as number,
    fill: 0.5,
    turn: 0,
  });
});

test("a picture that keeps its background, or shows no product, has nothing to place", () => {
  expect(placedIn(variant([300, 800, 400, 800], "keep"))).toBeNull();
  expect(placedIn(variant(null))).toBeNull();
});

test("the product stays within the picture and within the limits of a plan", () => {
  const out = clampPlacing(placed, { x: 2, y: -1, fill: 9, turn: 90 });
  expect(out.fill).toBe(0.95);
  expect(out.turn).toBe(45);
  const box = boxOf(placed, out);
  expect(box.left + box.width).toBeLessThanOrEqual(1.0001);
  expect(box.top).toBeGreaterThanOrEqual(-0.0001);
});

test("near the middle it comes to rest on it", () => {
  expect(snapToCentre({ x: 0.505, y: 0.45, fill: 0.8, turn: 1 })).toEqual({
    x: 0.5,
    y: 0.45,
    fill: 0.8,
    turn: 0,
  });
});

test("only what changed is asked for, and the place with every new size", () => {
  const before = placed.placing;
  expect(framingOf(before, before)).toEqual({});
  expect(framingOf(before, { ...before, x: 0.4 })).toEqual({ x: 0.4 });
  expect(framingOf(before, { ...before, y: 0.5 })).toEqual({ y: 0.5 });
  expect(framingOf(before, { ...before, turn: 12.34 })).toEqual({ x: 0.5, y: 0.6, rotation_deg: 12.3 });
  expect(framingOf(before, { ...before, fill: 0.5 })).toEqual({ x: 0.5, y: 0.6, fill: 0.5 });
});

test("keys move, resize, turn and centre, with Shift in larger steps", () => {
  const from = placed.placing;
  expect(placingAfterKey(from, "ArrowLeft", false)?.x).toBeCloseTo(0.49);
  expect(placingAfterKey(from, "ArrowLeft", true)?.x).toBeCloseTo(0.45);
  expect(placingAfterKey(from, "+", false)?.fill).toBeCloseTo(0.408);
  expect(placingAfterKey(from, ".", true)?.turn).toBe(5);
  expect(placingAfterKey({ ...from, x: 0.2 }, "Home", false)).toMatchObject({ x: 0.5, y: 0.5 });
  expect(placingAfterKey(from, "a", false)).toBeNull();
});
