import { expect, test } from "vitest";
import { Strokes, type Tool } from "@/features/cutout/strokes";

/** Strokes of a tool on a square photo, and all that they tell. */
function strokesOf(tool: Tool) {
  const told: unknown[][] = [];
  const tell =
    (what: string) =>
    (...of: unknown[]) =>
      void told.push([what, ...of]);
  const strokes = new Strokes(() => ({
    tool,
    radius: 0.1,
    size: { width: 100, height: 100 },
    onPaint: tell("paint"),
    onStroke: tell("stroke"),
    onPoint: tell("point"),
    onRevoke: tell("revoke"),
    onBox: tell("box"),
  }));
  return { strokes, told };
}

test("a brush paints at once, leaves out positions that change nothing, and ends with the whole stroke", () => {
  const { strokes, told } = strokesOf("brush");
  strokes.begin([0.1, 0.1]);
  strokes.extend([0.101, 0.1]);
  strokes.extend([0.2, 0.1]);
  strokes.end([0.2, 0.1]);
  const painted = [
    [0.1, 0.1],
    [0.2, 0.1],
  ];
  expect(told).toEqual([
    ["paint", [0.1, 0.1], [0.1, 0.1]],
    ["paint", ...painted],
    ["stroke", painted],
  ]);
});

test("a point is set where the pointer is released", () => {
  const { strokes, told } = strokesOf("point");
  strokes.begin([0.1, 0.1]);
  strokes.extend([0.5, 0.5]);
  strokes.end([0.6, 0.6]);
  expect(told).toEqual([["point", [0.6, 0.6]]]);
});

test("a box is dragged, or drawn between two clicks", () => {
  const dragged = strokesOf("box");
  dragged.strokes.begin([0.1, 0.1]);
  dragged.strokes.end([0.4, 0.5]);
  expect(dragged.told).toEqual([["box", [0.1, 0.1], [0.4, 0.5], true]]);

  const clicked = strokesOf("box");
  clicked.strokes.begin([0.1, 0.1]);
  clicked.strokes.end([0.1, 0.1]);
  clicked.strokes.hover([0.2, 0.2]);
  clicked.strokes.begin([0.4, 0.5]);
  expect(clicked.told).toEqual([
    ["box", [0.1, 0.1], [0.2, 0.2], false],
    ["box", [0.1, 0.1], [0.4, 0.5], true],
  ]);
});

test("a second finger revokes a stroke that has begun, and nothing else", () => {
  const { strokes, told } = strokesOf("brush");
  strokes.revoke();
  strokes.begin([0.1, 0.1]);
  strokes.revoke();
  strokes.end([0.1, 0.1]);
  expect(told.map(([what]) => what)).toEqual(["paint", "revoke"]);
});
