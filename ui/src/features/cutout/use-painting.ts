/** Pointers and keys on the canvas: one pointer paints, two move the photo. */
import { useEffect, useEffectEvent, type RefObject } from "react";
import { Pointers } from "@/shared/stage/pointers";
import { spaceKey } from "@/shared/stage/space-key";
import type { Viewport } from "@/shared/stage/viewport";
import { pointOf } from "./correction";
import { Strokes, type Drawing } from "./strokes";

type Painting = Drawing & {
  box: RefObject<HTMLElement | null>;
  canvas: RefObject<HTMLCanvasElement | null>;
  cursor: RefObject<HTMLElement | null>;
  viewport: Viewport;
};

type Hand = {
  box: HTMLElement;
  sheet: HTMLCanvasElement;
  viewport: Viewport;
  strokes: Strokes;
  ring: ReturnType<typeof ringOf>;
  signal: AbortSignal;
};

const KEY_STEP = 0.02;
/** Radius of the ring of a point, as a share of the longer side. */
const AIM = 0.008;

const arrows: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function usePainting({ box, canvas, cursor, viewport, ...drawing }: Painting): void {
  const current = useEffectEvent(() => drawing);

  useEffect(() => {
    const [element, sheet] = [box.current, canvas.current];
    if (!element || !sheet) return;
    const now = () => current();
    const strokes = new Strokes(now);
    const ring = ringOf(element, sheet, cursor, now);
    const listening = new AbortController();
    const hand = { box: element, sheet, viewport, strokes, ring, signal: listening.signal };
    listenToPointers(hand, spaceKey(listening.signal));
    listenToKeys(hand, now);
    return () => listening.abort();
  }, [box, canvas, cursor, viewport]);
}

/** Ring on the canvas: shows how large the brush is, or where a point will be. */
function ringOf(
  box: HTMLElement,
  sheet: HTMLCanvasElement,
  ring: RefObject<HTMLElement | null>,
  now: () => Drawing,
) {
  let at: readonly [number, number] = [0.5, 0.5];
  /** Moves it without a render, as often as the pointer moves. */
  const move = ([x = 0, y = 0]: readonly number[], shown: boolean) => {
    at = [x, y];
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
  };
  /** Last position as shares of the photo; keys continue from it. */
  return { at: () => at, move };
}

/** With the space key held, one pointer moves the photo as well. */
function listenToPointers(
  { box, sheet, viewport, strokes, ring, signal }: Hand,
  isSpaceHeld: () => boolean,
): void {
  const pointers = new Pointers(box, viewport);
  let moving = false;

  const placed = ({ clientX, clientY, pressure, pointerType }: PointerEvent) => {
    const frame = sheet.getBoundingClientRect();
    const x = (clientX - frame.left) / frame.width;
    const y = (clientY - frame.top) / frame.height;
    return pointOf(x, y, pointerType === "pen" && pressure > 0 ? pressure : null);
  };
  const down = (event: PointerEvent) => {
    pointers.add(event);
    box.setPointerCapture(event.pointerId);
    moving = pointers.count > 1 || isSpaceHeld() || event.button === 1;
    if (pointers.count === 2) strokes.revoke();
    if (!moving && event.button === 0) strokes.begin(placed(event));
  };
  const move = (event: PointerEvent) => {
    const point = placed(event);
    ring.move(point, event.pointerType !== "touch" || pointers.count === 1);
    const before = pointers.move(event);
    if (!before) {
      strokes.hover(point);
      return;
    }
    if (!moving) {
      // getCoalescedEvents exists only in secure contexts and newer browsers.
      for (const each of "getCoalescedEvents" in event ? event.getCoalescedEvents() : [event])
        strokes.extend(placed(each));
      return;
    }
    const share = 1 / pointers.count;
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    viewport.panBy(dx * share, dy * share, box);
    if (pointers.count === 2) pointers.pinch();
  };
  const up = (event: PointerEvent) => {
    if (!pointers.remove(event)) return;
    if (!moving) strokes.end(placed(event));
    if (pointers.count === 0) moving = false;
    if (event.pointerType === "touch") ring.move(placed(event), false);
  };

  box.addEventListener("pointerdown", down, { signal });
  box.addEventListener("pointermove", move, { signal });
  box.addEventListener("pointerup", up, { signal });
  box.addEventListener("pointercancel", up, { signal });
  box.addEventListener("pointerleave", () => ring.move(ring.at(), false), { signal });
  box.addEventListener("wheel", (event) => pointers.wheel(event), { signal, passive: false });
}

/** Without a pointer, arrow keys move the brush, and Enter sets it down. */
function listenToKeys({ sheet, strokes, ring, signal }: Hand, now: () => Drawing): void {
  const key = (event: KeyboardEvent) => {
    if (event.target !== sheet) return;
    const way = arrows[event.key];
    const [x, y] = ring.at();
    if (way) {
      const step = KEY_STEP / (event.shiftKey ? 4 : 1);
      const next = [x + way[0] * step, y + way[1] * step];
      ring.move(next, true);
      strokes.hover(next);
    } else if (event.key === "Enter") {
      strokes.begin(pointOf(x, y, null));
      if (now().tool !== "box") strokes.end([x, y]);
    } else return;
    event.preventDefault();
  };
  window.addEventListener("keydown", key, { signal });
}
