/** Turns wheel, drag, pinch and double tap on a pane into moves of the viewport. */
import { useEffect, useEffectEvent, type RefObject } from "react";
import { distance, Pointers } from "@/shared/stage/pointers";
import { spaceKey } from "@/shared/stage/space-key";
import type { Viewport } from "@/shared/stage/viewport";

type Gestures = {
  viewport: Viewport;
  /** Takes over a drag, as the slider does. Called with the pointer's position in the pane. */
  onSlide?: ((x: number) => void) | undefined;
  /** Called when a finger rests on the picture and when it leaves. */
  onPeek?: ((peeking: boolean) => void) | undefined;
};

const LONG_PRESS_MS = 450;
const DOUBLE_TAP_MS = 300;
const SLACK_PX = 6;

export function useGestures(
  box: RefObject<HTMLElement | null>,
  { viewport, onSlide, onPeek }: Gestures,
): void {
  const slides = useEffectEvent(() => onSlide !== undefined);
  const slide = useEffectEvent((x: number) => onSlide?.(x));
  const tellPeek = useEffectEvent((peeking: boolean) => onPeek?.(peeking));
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const listening = new AbortController();
    const { signal } = listening;
    const pointers = new Pointers(element, viewport);
    const peek = new LongPress((peeking) => tellPeek(peeking));
    const tap = doubleTap(element, viewport, pointers);
    const isSpaceHeld = spaceKey(signal);
    let travelled = 0;
    let sliding = false;

    const down = (event: PointerEvent) => {
      const control = event.target instanceof Element ? event.target.closest<HTMLElement>("button") : null;
      if (event.button !== 0 || (control && takesDrag(control, event.pointerType))) return;
      pointers.add(event);
      travelled = 0;
      const onHandle = event.target instanceof Element && event.target.closest("[role=slider]") !== null;
      sliding = slides() && (onHandle || (!isSpaceHeld() && !viewport.isZoomed()));
      if (pointers.count === 2) peek.end();
      else if (event.pointerType === "touch") peek.begin();
      else {
        // A click belongs to the control under it.
        (control ?? element).setPointerCapture(event.pointerId);
        if (sliding) slide(pointers.inside(event).x);
      }
    };
    const move = (event: PointerEvent) => {
      const before = pointers.move(event);
      if (!before) return;
      travelled += distance(before, event);
      if (peek.active) return;
      if (travelled > SLACK_PX) {
        peek.end();
        // After a drag, the click goes to the pane.
        if (event.pointerType !== "touch") element.setPointerCapture(event.pointerId);
      }
      if (pointers.count === 2) pointers.pinch();
      else if (sliding) {
        if (event.pointerType !== "touch" || travelled > SLACK_PX) slide(pointers.inside(event).x);
      } else viewport.panBy(event.clientX - before.clientX, event.clientY - before.clientY, element);
    };
    const up = (event: PointerEvent) => {
      if (!pointers.remove(event)) return;
      peek.end();
      if (event.pointerType === "touch" && travelled <= SLACK_PX) tap(event);
    };
    const wheel = (event: WheelEvent) => {
      // On a phone-sized page the wheel scrolls the page; only a pinch, which arrives with Ctrl, zooms.
      const isScrollable = document.documentElement.scrollHeight > window.innerHeight + 1;
      if (!isScrollable || event.ctrlKey) pointers.wheel(event);
    };

    element.addEventListener("wheel", wheel, { signal, passive: false });
    element.addEventListener("pointerdown", down, { signal });
    element.addEventListener("pointermove", move, { signal });
    element.addEventListener("pointerup", up, { signal });
    element.addEventListener("pointercancel", up, { signal });
    return () => {
      listening.abort();
      peek.forget();
    };
  }, [box, viewport]);
}

/**
 * True if a control uses drags of this pointer itself, by its `data-drags`: those of every pointer, which is the default,
 * of the mouse alone, or none.
 */
export function takesDrag({ dataset: { drags = "all" } }: HTMLElement, pointerType: string): boolean {
  return drags === "all" || (drags === "mouse" && pointerType !== "touch");
}

/** Long press: active from a delay after a finger came down until it leaves. */
class LongPress {
  active = false;
  private timer = 0;
  private readonly tell: (active: boolean) => void;

  constructor(tell: (active: boolean) => void) {
    this.tell = tell;
  }

  begin(): void {
    this.timer = window.setTimeout(() => {
      this.active = true;
      this.tell(true);
    }, LONG_PRESS_MS);
  }

  end(): void {
    this.forget();
    if (this.active) this.tell(false);
    this.active = false;
  }

  forget(): void {
    window.clearTimeout(this.timer);
  }
}

/** Handles taps: two in short succession show the picture at its actual size, or as a whole again. */
function doubleTap(element: HTMLElement, viewport: Viewport, pointers: Pointers) {
  let last = 0;
  return (event: PointerEvent) => {
    if (event.timeStamp - last >= DOUBLE_TAP_MS) {
      last = event.timeStamp;
      return;
    }
    if (viewport.isZoomed()) viewport.fit();
    else viewport.actualSize(element, pointers.inside(event));
    last = 0;
  };
}
