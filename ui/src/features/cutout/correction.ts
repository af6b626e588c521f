/** State of a cut-out correction, within the server's limits. */
import { correctionBounds, matteBoxBounds, maxStrokePoints, strokeBounds } from "@/api/bounds.gen";
import type { Schemas } from "@/api/client";
import { clamp, type Size } from "@/shared/stage/viewport";

export type Stroke = Schemas["Stroke"];
export type Correction = Required<Schemas["Correction"]>;
export type Point = Schemas["MattePoint"];
export type Mode = Point["mode"];
export type Product = Correction["product"];
export type Box = Schemas["MatteBox"];

export const untouched: Correction = {
  subjects: [],
  points: [],
  strokes: [],
  box: null,
  grow: 0,
  softness: 0,
  product: "auto",
};

/** Minimum distance of stroke points, as a share of the brush radius. Closer points change nothing visible. */
const SPACING = 0.25;
const DIGITS = 4;

const round = (value: number) => Number(value.toFixed(DIGITS));

/** Query key of a correction; equal corrections have equal keys. */
export const keyOf = ({ subjects, points, strokes, box, grow, softness, product }: Correction) =>
  JSON.stringify([subjects, points, strokes, box, grow, softness, product]);

export const radiusOf = (sizePx: number, longSide: number) =>
  round(clamp(sizePx / 2 / longSide, strokeBounds.radius.minimum, strokeBounds.radius.maximum));

/** A stroke point. Full pressure, which mouse and finger report, is left out. */
export const pointOf = (x: number, y: number, pressure: number | null): number[] =>
  [clamp(x, -1, 2), clamp(y, -1, 2), ...(pressure === null ? [] : [clamp(pressure, 0.05, 1)])].map(round);

/** Whether a point is far enough from the last one to be kept. Coordinates are shares of the longer side. */
export function isFar(last: readonly number[], next: readonly number[], radius: number, size: Size): boolean {
  const long = Math.max(size.width, size.height);
  const dx = (((next[0] ?? 0) - (last[0] ?? 0)) * size.width) / long;
  const dy = (((next[1] ?? 0) - (last[1] ?? 0)) * size.height) / long;
  return Math.hypot(dx, dy) >= radius * SPACING;
}

/** Adds a stroke and splits one that exceeds the point limit. Returns null if the stroke limit is reached. */
export function withStroke(correction: Correction, stroke: Stroke): Correction | null {
  const parts: Stroke[] = [];
  // Neighbouring parts share a point, so that no gap shows between them.
  const step = strokeBounds.points.maxItems - 1;
  for (let at = 0; at === 0 || at < stroke.points.length - 1; at += step) {
    parts.push({ ...stroke, points: stroke.points.slice(at, at + strokeBounds.points.maxItems) });
  }
  const strokes = [...correction.strokes, ...parts];
  const points = strokes.reduce((sum, each) => sum + each.points.length, 0);
  return strokes.length > correctionBounds.strokes.maxItems || points > maxStrokePoints
    ? null
    : { ...correction, strokes };
}

/** Adds a point. Returns null if the point limit is reached. */
export const withPoint = (correction: Correction, x: number, y: number, mode: Mode): Correction | null =>
  correction.points.length < correctionBounds.points.maxItems
    ? {
        ...correction,
        points: [...correction.points, { x: round(clamp(x, 0, 1)), y: round(clamp(y, 0, 1)), mode }],
      }
    : null;

/** Ids of the selected subjects: those that the user chose, or those in the automatic matte. */
export const chosenOf = (correction: Correction, subjects: readonly Schemas["Subject"][]): string[] =>
  correction.subjects.length > 0
    ? correction.subjects
    : subjects.filter(({ chosen }) => chosen).map(({ id }) => id);

/**
 * Toggles a subject. The first choice replaces the automatic selection, the last subject cannot be removed, and a box
 * is cleared because it would limit the search.
 */
export function withSubject(correction: Correction, id: string): Correction {
  const before = correction.subjects;
  const after = before.includes(id) ? before.filter((each) => each !== id) : [...before, id].toSorted();
  return after.length === 0 ? correction : { ...correction, subjects: after, box: null };
}

/** Returns the box between two corners, clipped to the photo, or null if it is too small to be intended. */
export function boxBetween([ax, ay]: readonly number[], [bx, by]: readonly number[]): Box | null {
  const inside = (value: number | undefined) => clamp(value ?? 0, 0, 1);
  const [left, right] = [inside(ax), inside(bx)].toSorted((a, b) => a - b) as [number, number];
  const [top, bottom] = [inside(ay), inside(by)].toSorted((a, b) => a - b) as [number, number];
  const box = { x: round(left), y: round(top), w: round(right - left), h: round(bottom - top) };
  return box.w < matteBoxBounds.w.minimum || box.h < matteBoxBounds.h.minimum ? null : box;
}
