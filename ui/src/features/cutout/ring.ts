/** The ring on the canvas: shows how large the brush is, or where a point will be. */
import type { RefObject } from "react";
import type { Drawing } from "./strokes";

/** Radius of the ring of a point, as a share of the longer side. */
const AIM = 0.008;

type RingContext = {
  box: HTMLElement;
  sheet: HTMLCanvasElement;
  ring: RefObject<HTMLElement | null>;
  now: () => Drawing;
};

export class Ring {
  /** Last position as shares of the photo; keys continue from it. */
  at: readonly [number, number] = [0.5, 0.5];
  private readonly context: RingContext;

  constructor(context: RingContext) {
    this.context = context;
  }

  /** Moves it without a render, as often as the pointer moves. */
  move([x = 0, y = 0]: readonly number[], shown: boolean): void {
    this.at = [x, y];
    const { box, sheet, ring, now } = this.context;
    if (!ring.current) return;
    const { tool, radius } = now();
    const frame = sheet.getBoundingClientRect();
    const outer = box.getBoundingClientRect();
    const across = 2 * (tool === "point" ? AIM : radius) * Math.max(frame.width, frame.height);
    const left = frame.left - outer.left + x * frame.width - across / 2;
    const top = frame.top - outer.top + y * frame.height - across / 2;
    const { style } = ring.current;
    const size = `${across}px`;
    // Only a new size causes a new layout, which the next call would have to wait for.
    if (style.width !== size) style.width = style.height = size;
    style.transform = `translate(${left}px, ${top}px)`;
    style.visibility = shown && tool !== "box" ? "visible" : "hidden";
  }

  hide(): void {
    this.move(this.at, false);
  }
}
