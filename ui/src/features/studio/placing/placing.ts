/** Placement of the product in a picture, and its changes by move, resize and rotation. */
import { framingBounds, margin } from "@/api/bounds.gen";
import type { Variant } from "@/api/client";
import { clamp, type Size } from "@/shared/stage/viewport";

/** Centre as shares of the picture; size as in a plan, the larger share of a side; clockwise degrees. */
export type Placing = { x: number; y: number; fill: number; turn: number };

/** A placeable product: its placement, and its width and height as shares of the picture at size 1. */
export type Placed = {
  placing: Placing;
  shape: Size;
  picture: Size;
  /** True if the picture can only be cropped, so that it moves as a whole and never turns. */
  isWhole: boolean;
};

/** URLs of the picture, its matte, and the same picture without the product. */
export type InHand = {
  url: string;
  /** Null if the whole picture moves. */
  matteUrl: string | null;
  /** Null if a checkerboard is behind the product. */
  surroundings: string | null;
};

/** State and callbacks of manual placement. */
export type Arranging = {
  placed: Placed;
  placing: Placing;
  /** The product in hand, as soon as it can be drawn without being seen twice. */
  inHand: InHand | null;
  /** URL of the preview, as soon as there is one. */
  preview: string | null;
  /** True if the preview shows the product where it is placed. */
  isPreviewed: boolean;
  /** True while its handles are shown. */
  selected: boolean;
  /** Share of the frame that the shop recommends for the product's longer side, drawn as a guide. */
  safeShare: number | null;
  /** Called when a pointer comes to the product; loads what a drag needs. */
  approach: () => void;
  select: (on: boolean) => void;
  /** Called on each move; `ends` is true on release. */
  place: (placing: Placing, ends: boolean) => void;
};

/** True if a model generated the surroundings. Such a picture can be cropped but not reframed. */
export const isPainted = ({ scene }: Variant["measures"]): boolean => scene === "painted";

export type Box = { left: number; top: number; width: number; height: number };

/** Snap distance to the centre lines, as a share of the picture. */
const SNAP = 0.012;

export const percent = (share: number) => `${share * 100}%`;

/** Clamps a centre to the limits of a plan, which are the same for both axes. */
const withinPlan = (centre: number) => clamp(centre, framingBounds.x.minimum, framingBounds.x.maximum);

/** Returns null if no product was found in the picture, or if it keeps the photo's background. */
export function placedIn({ measures, plan, image }: Variant): Placed | null {
  const box: unknown = measures.subject_box;
  if (plan.backdrop.kind === "keep" || !Array.isArray(box)) return null;
  const [left, top, width, height] = box as (number | undefined)[];
  if (!width || !height || left === undefined || top === undefined) return null;
  const across = width / image.width;
  const down = height / image.height;
  const { fill: planned, rotation_deg: turn } = plan.framing;
  // The bounding box of a rotated product is larger than the product.
  const fill = turn === 0 ? Math.max(across, down) : planned;
  return {
    placing: { x: (left + width / 2) / image.width, y: (top + height / 2) / image.height, fill, turn },
    shape: { width: across / fill, height: down / fill },
    picture: { width: image.width, height: image.height },
    isWhole: isPainted(measures),
  };
}

/** The product's box as shares of the picture, before rotation. */
export function boxOf({ shape }: Placed, { x, y, fill }: Placing): Box {
  const [width, height] = [fill * shape.width, fill * shape.height];
  return { left: x - width / 2, top: y - height / 2, width, height };
}

/** Clamps a placement to the picture and the limits of a plan. */
export function clampPlacing(placed: Placed, wanted: Placing): Placing {
  const { minimum, maximum } = framingBounds.fill;
  if (placed.isWhole) return clampCrop(placed.placing, { ...wanted, fill: Math.min(wanted.fill, maximum) });
  const fill = clamp(wanted.fill, minimum, maximum);
  const { width, height } = boxOf(placed, { ...wanted, fill });
  const inside = (middle: number, share: number) => {
    const low = share / 2 + margin;
    return low >= 0.5 ? 0.5 : withinPlan(clamp(middle, low, 1 - low));
  };
  return {
    x: inside(wanted.x, width),
    y: inside(wanted.y, height),
    fill,
    turn: clamp(wanted.turn, framingBounds.rotation_deg.minimum, framingBounds.rotation_deg.maximum),
  };
}

/** Clamps a crop, which can come closer but show nothing beyond the picture's edges. */
function clampCrop(from: Placing, wanted: Placing): Placing {
  const fill = Math.max(from.fill, wanted.fill);
  const closer = fill / from.fill;
  const inside = (middle: number, now: number) =>
    withinPlan(clamp(middle, 1 - closer * (1 - now), closer * now));
  return { x: inside(wanted.x, from.x), y: inside(wanted.y, from.y), fill, turn: 0 };
}

/** Snaps to the centre lines. */
export const snapToCentre = (placing: Placing): Placing => ({
  ...placing,
  x: Math.abs(placing.x - 0.5) < SNAP ? 0.5 : placing.x,
  y: Math.abs(placing.y - 0.5) < SNAP ? 0.5 : placing.y,
  turn: Math.abs(placing.turn) < 1.5 ? 0 : placing.turn,
});

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/**
 * Changed framing fields. With a new size both coordinates are included, otherwise the product would return to its
 * base line.
 */
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

/** Keys that move, resize and rotate the focused product; Shift multiplies the step by five. */
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

/** Returns the placement after a key press, or null for other keys. */
export function placingAfterKey(placing: Placing, key: string, shifted: boolean): Placing | null {
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
