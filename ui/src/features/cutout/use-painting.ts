/** Pointers and keys on the canvas: one pointer paints, two move the photo. */
import { useEffect, useEffectEvent, type RefObject } from "react";
import { Pointers } from "@/shared/stage/pointers";
import { spaceKey } from "@/shared/stage/space-key";
import type { Viewport } from "@/shared/stage/viewport";
import { pointOf } from "./correction";
import { Ring } from "./ring";
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
  ring: Ring;
  signal: AbortSignal;
};

const KEY_STEP = 0.02;

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
    const ring = new Ring({ box: element, sheet, ring: cursor, now });
    const listening = new AbortController();
    const hand = { box: element, sheet, viewport, strokes, ring, signal: listening.signal };
    listenToPointers(hand, spaceKey(listening.signal));
    listenToKeys(hand, now);
    return () => listening.abort();
  }, [box, canvas, cursor, viewport]);
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
  box.addEventListener("pointerleave", () => ring.hide(), { signal });
  box.addEventListener("wheel", (event) => pointers.wheel(event), { signal, passive: false });
}

/** Without a pointer, arrow keys move the brush, and Enter sets it down. */
function listenToKeys({ sheet, strokes, ring, signal }: Hand, now: () => Drawing): void {
  const key = (event: KeyboardEvent) => {
    if (event.target !== sheet) return;
    const way = arrows[event.key];
    const [x, y] = ring.at;
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
