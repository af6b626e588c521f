/** Wheel, drag, pinch and double tap on a pane, turned into moves of the viewport. */
import { useEffect, type RefObject } from "react";
import type { Viewport } from "@/shared/stage/viewport";

type Gestures = {
  viewport: Viewport;
  /** Takes a drag for itself, as the slider does; gets the pointer's place in the pane. */
  onSlide?: ((x: number) => void) | undefined;
  /** Called when a finger rests on the picture, and when it leaves. */
  onPeek: (peeking: boolean) => void;
};

const WHEEL_STEP = 0.0018;
const LONG_PRESS_MS = 450;
const DOUBLE_TAP_MS = 300;
const SLACK_PX = 6;

const distance = (a: PointerEvent, b: PointerEvent) =>
  Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);

/** Whether a control under the pointer takes the drag; some take those of a mouse and leave a finger's alone. */
function isTaken({ target, pointerType }: PointerEvent): boolean {
  const control = target instanceof Element ? target.closest<HTMLElement>("button") : null;
  return control !== null && !(control.dataset.drags === "mouse" && pointerType === "touch");
}

export function useGestures(
  box: RefObject<HTMLElement | null>,
  { viewport, onSlide, onPeek }: Gestures,
): void {
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const pointers = new Map<number, PointerEvent>();
    let spread = 0;
    let travelled = 0;
    let lastTap = 0;
    let rest = 0;
    let space = false;
    let peeking = false;
    let sliding = false;

    const inside = (event: { clientX: number; clientY: number }) => {
      const frame = element.getBoundingClientRect();
      return { x: event.clientX - frame.left, y: event.clientY - frame.top };
    };
    const endPeek = () => {
      window.clearTimeout(rest);
      if (peeking) onPeek(false);
      peeking = false;
    };

    const wheel = (event: WheelEvent) => {
      // On a phone-sized page the wheel scrolls the page; only a pinch, which arrives with ctrl, zooms.
      if (document.documentElement.scrollHeight > window.innerHeight + 1 && !event.ctrlKey) return;
      event.preventDefault();
      viewport.zoomBy(Math.exp(-event.deltaY * WHEEL_STEP * (event.ctrlKey ? 4 : 1)), element, inside(event));
    };
    const down = (event: PointerEvent) => {
      if (event.button !== 0 || isTaken(event)) return;
      pointers.set(event.pointerId, event);
      travelled = 0;
      const onHandle = event.target instanceof Element && event.target.closest("[role=slider]") !== null;
      sliding = onSlide !== undefined && (onHandle || (!space && !viewport.isZoomed()));
      if (pointers.size === 2) {
        const [a, b] = [...pointers.values()] as [PointerEvent, PointerEvent];
        spread = distance(a, b);
        endPeek();
        return;
      }
      if (event.pointerType === "touch") {
        rest = window.setTimeout(() => {
          peeking = true;
          onPeek(true);
        }, LONG_PRESS_MS);
      } else {
        element.setPointerCapture(event.pointerId);
        if (sliding) onSlide?.(inside(event).x);
      }
    };
    const move = (event: PointerEvent) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      pointers.set(event.pointerId, event);
      travelled += distance(before, event);
      if (travelled > SLACK_PX && !peeking) window.clearTimeout(rest);
      if (peeking) return;
      if (pointers.size === 2) {
        const [a, b] = [...pointers.values()] as [PointerEvent, PointerEvent];
        const now = distance(a, b);
        const middle = { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 };
        if (spread > 0) viewport.zoomBy(now / spread, element, inside(middle));
        spread = now;
        return;
      }
      if (sliding) {
        if (event.pointerType !== "touch" || travelled > SLACK_PX) onSlide?.(inside(event).x);
      } else viewport.panBy(event.clientX - before.clientX, event.clientY - before.clientY, element);
    };
    const up = (event: PointerEvent) => {
      if (!pointers.delete(event.pointerId)) return;
      endPeek();
      if (event.pointerType !== "touch" || travelled > SLACK_PX) return;
      if (event.timeStamp - lastTap < DOUBLE_TAP_MS) {
        if (viewport.isZoomed()) viewport.fit();
        else viewport.actualSize(element, inside(event));
        lastTap = 0;
      } else lastTap = event.timeStamp;
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== " ") return;
      const onControl =
        event.target instanceof Element && event.target.closest("button, a, input, textarea, select");
      if (onControl) return;
      space = event.type === "keydown";
      event.preventDefault();
    };

    // A key let go in another window is never told here.
    const blur = () => {
      space = false;
    };

    element.addEventListener("wheel", wheel, { passive: false });
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    window.addEventListener("keydown", key);
    window.addEventListener("keyup", key);
    window.addEventListener("blur", blur);
    return () => {
      window.clearTimeout(rest);
      element.removeEventListener("wheel", wheel);
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
      window.removeEventListener("keydown", key);
      window.removeEventListener("keyup", key);
      window.removeEventListener("blur", blur);
    };
  }, [box, viewport, onSlide, onPeek]);
}
