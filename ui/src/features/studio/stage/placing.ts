/** Where the product stands in a picture, and what moving, resizing and turning it by hand makes of that. */
import type { Schemas } from "@/api/client";
import type { Size } from "@/shared/stage/viewport";

/** Centre in shares of the picture; size as a plan counts it, the larger share of a side; clockwise degrees. */
export type Placing = { x: number; y: number; fill: number; turn: number };

/** A product that can be placed: where it is, and its width and height in shares of the picture at size 1. */
export type Placed = { placing: Placing; shape: Size; picture: Size; turns: boolean };

/** A product that is placed by hand, and what it takes to show and change that. */
export type Arranging = {
  placed: Placed;
  placing: Placing;
  /** The picture, and where the product is in it. */
  cutOut: { url: string; matteUrl: string };
  /** How the picture will look, as soon as that is known. */
  preview: string | null;
  /** Its handles are shown, and the picture alone. */
  selected: boolean;
  /** The shop's share for the product's longer side; drawn while it is arranged. */
  safeShare: number | null;
  select: (on: boolean) => void;
  /** A gesture or key moved the product; `ends` when it was let go. */
  place: (placing: Placing, ends: boolean) => void;
};

/** Painted around the product by a model; such a picture can be cropped, but not framed anew. */
export const isPainted = ({ scene }: Schemas["Variant"]["measures"]): boolean => scene === "painted";

export type Box = { left: number; top: number; width: number; height: number };

/** The limits of a plan. */
const FILL = { least: 0.05, most: 0.95 };
const TURN_DEG = 45;
/** How near the middle a product comes to rest on it, as a share of the picture. */
const SNAP = 0.012;

export const percent = (share: number) => `${share * 100}%`;

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

/** Null where the picture shows no product that was found, or keeps the photo's own background. */
export function placedIn({ measures, plan, image }: Schemas["Variant"]): Placed | null {
  const box: unknown = measures.subject_box;
  if (plan.backdrop.kind === "keep" || !Array.isArray(box)) return null;
  const [left, top, width, height] = box as (number | undefined)[];
  if (!width || !height || left === undefined || top === undefined) return null;
  const across = width / image.width;
  const down = height / image.height;
  const { fill: planned, rotation_deg: turn } = plan.framing;
  // The box of a turned product is larger than the product.
  const fill = turn === 0 ? Math.max(across, down) : planned;
  return {
    placing: { x: (left + width / 2) / image.width, y: (top + height / 2) / image.height, fill, turn },
    shape: { width: across / fill, height: down / fill },
    picture: { width: image.width, height: image.height },
    turns: !isPainted(measures),
  };
}

/** The product's box in shares of the picture, before it is turned. */
export function boxOf({ shape }: Placed, { x, y, fill }: Placing): Box {
  const [width, height] = [fill * shape.width, fill * shape.height];
  return { left: x - width / 2, top: y - height / 2, width, height };
}

/** Within the picture and the limits of a plan. */
export function held(placed: Placed, wanted: Placing): Placing {
  const fill = clamp(wanted.fill, FILL.least, FILL.most);
  const { width, height } = boxOf(placed, { ...wanted, fill });
  const inside = (middle: number, share: number) =>
    share >= 1 ? 0.5 : clamp(middle, Math.max(0.1, share / 2), Math.min(0.9, 1 - share / 2));
  return {
    x: inside(wanted.x, width),
    y: inside(wanted.y, height),
    fill,
    turn: placed.turns ? clamp(wanted.turn, -TURN_DEG, TURN_DEG) : 0,
  };
}

/** Comes to rest on the middle where it is near. */
export const snapped = (placing: Placing): Placing => ({
  ...placing,
  x: Math.abs(placing.x - 0.5) < SNAP ? 0.5 : placing.x,
  y: Math.abs(placing.y - 0.5) < SNAP ? 0.5 : placing.y,
  turn: Math.abs(placing.turn) < 1.5 ? 0 : placing.turn,
});

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** The fields of a plan that differ; with a new size both places, or the product would go back to its base line. */
export function framingOf(before: Placing, after: Placing): Record<string, number> {
  const resized = round(after.fill - before.fill, 4) !== 0;
  const turned = round(after.turn - before.turn, 1) !== 0;
  const placedAnew = (axis: "x" | "y") => resized || turned || round(after[axis] - before[axis], 4) !== 0;
  return {
    ...(placedAnew("x") ? { x: round(after.x, 4) } : {}),
    ...(placedAnew("y") ? { y: round(after.y, 4) } : {}),
    ...(resized ? { fill: round(after.fill, 4) } : {}),
    ...(turned ? { rotation_deg: round(after.turn, 1) } : {}),
  };
}

type Step = { x?: number; y?: number; size?: number; turn?: number };

/** What a key does to the product that has the focus; with Shift five times as much. */
const steps: Record<string, Step> = {
  ArrowLeft: { x: -0.01 },
  ArrowRight: { x: 0.01 },
  ArrowUp: { y: -0.01 },
  ArrowDown: { y: 0.01 },
  "+": { size: 0.02 },
  "=": { size: 0.02 },
  "-": { size: -0.02 },
  _: { size: -0.02 },
  ",": { turn: -1 },
  "<": { turn: -1 },
  ".": { turn: 1 },
  ">": { turn: 1 },
};
const SHIFTED = 5;

/** Where a key puts the product; null for a key that does nothing to it. */
export function stepped(placing: Placing, key: string, shifted: boolean): Placing | null {
  if (key === "Home") return { ...placing, x: 0.5, y: 0.5 };
  const step = steps[key];
  if (!step) return null;
  const times = shifted ? SHIFTED : 1;
  return {
    x: placing.x + times * (step.x ?? 0),
    y: placing.y + times * (step.y ?? 0),
    fill: placing.fill * (1 + times * (step.size ?? 0)),
    turn: placing.turn + times * (step.turn ?? 0),
  };
}
