/** Points, strokes and boxes, as the selected tool makes them from positions on the photo. */
import type { Size } from "@/shared/stage/viewport";
import { isFar } from "./correction";

/** A point selects a whole part, a brush paints, a box limits the search. */
export type Tool = "point" | "brush" | "box";

export type Drawing = {
  tool: Tool;
  /** Radius of the brush, as a share of the longer side. */
  radius: number;
  size: Size;
  /** A piece of a stroke, to be seen at once. */
  onPaint: (from: readonly number[], to: readonly number[]) => void;
  onStroke: (points: number[][]) => void;
  onPoint: (point: readonly number[]) => void;
  /** Discards the stroke so far, because a second finger came down. */
  onRevoke: () => void;
  /** Called with a corner of the box and its opposite corner, while it is drawn and when it is done. */
  onBox: (from: readonly number[], to: readonly number[], done: boolean) => void;
};

/** Movement below this distance counts as a click; the box then waits for its other corner. */
const CLICK = 0.01;

export class Strokes {
  private points: number[][] = [];
  private corner: readonly number[] | null = null;
  private readonly now: () => Drawing;

  constructor(now: () => Drawing) {
    this.now = now;
  }

  begin(point: number[]): void {
    const { tool, onPaint, onBox } = this.now();
    if (tool !== "box") {
      this.points = [point];
      if (tool === "brush") onPaint(point, point);
    } else if (this.corner) {
      onBox(this.corner, point, true);
      this.corner = null;
    } else this.corner = point;
  }

  extend(point: number[]): void {
    const { tool, radius, size, onPaint } = this.now();
    if (tool === "box") {
      this.hover(point);
      return;
    }
    const last = this.points.at(-1);
    if (!last || tool === "point" || !isFar(last, point, radius, size)) return;
    onPaint(last, point);
    this.points.push(point);
  }

  /** Shows the box up to a position, while it waits for its other corner. */
  hover(point: readonly number[]): void {
    if (this.corner) this.now().onBox(this.corner, point, false);
  }

  end(point: number[]): void {
    const { tool, onStroke, onPoint, onBox } = this.now();
    if (tool === "box") {
      if (!this.corner) return;
      const [x = 0, y = 0] = this.corner;
      if (Math.hypot((point[0] ?? 0) - x, (point[1] ?? 0) - y) < CLICK) return;
      onBox(this.corner, point, true);
      this.corner = null;
      return;
    }
    if (this.points.length > 0) {
      // A point is set on release, so that it can still be moved.
      if (tool === "point") onPoint(point);
      else onStroke(this.points);
    }
    this.points = [];
  }

  revoke(): void {
    if (this.points.length > 0) this.now().onRevoke();
    this.points = [];
    this.corner = null;
  }
}
