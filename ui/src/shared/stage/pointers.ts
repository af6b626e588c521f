/** Pointers on an element that shows a viewport: two of them zoom it, and so does the wheel. */
import type { Viewport } from "./viewport";

const WHEEL_STEP = 0.0018;
/** A pinch on a touchpad arrives as a wheel with Ctrl, in smaller steps. */
const PINCH_FACTOR = 4;

type At = { clientX: number; clientY: number };

export const distance = (a: At, b: At) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);

export class Pointers {
  private readonly held = new Map<number, PointerEvent>();
  private readonly element: HTMLElement;
  private readonly viewport: Viewport;
  /** Distance between two pointers in pixels, as it was last. */
  private spread = 0;

  constructor(element: HTMLElement, viewport: Viewport) {
    this.element = element;
    this.viewport = viewport;
  }

  get count(): number {
    return this.held.size;
  }

  /** Position of an event in the element, in pixels. */
  inside({ clientX, clientY }: At): { x: number; y: number } {
    const frame = this.element.getBoundingClientRect();
    return { x: clientX - frame.left, y: clientY - frame.top };
  }

  add(event: PointerEvent): void {
    this.held.set(event.pointerId, event);
    if (this.count === 2) this.spread = distance(...this.pair());
  }

  /** Records a move. Returns the event before it; null if the pointer is not down. */
  move(event: PointerEvent): PointerEvent | null {
    const before = this.held.get(event.pointerId) ?? null;
    if (before) this.held.set(event.pointerId, event);
    return before;
  }

  /** Returns false if the pointer was not down. */
  remove(event: PointerEvent): boolean {
    return this.held.delete(event.pointerId);
  }

  /** Zooms by the change of the distance between two pointers, around the point between them. */
  pinch(): void {
    const [a, b] = this.pair();
    const now = distance(a, b);
    const middle = { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 };
    if (this.spread > 0) this.viewport.zoomBy(now / this.spread, this.element, this.inside(middle));
    this.spread = now;
  }

  /** Zooms around the pointer. */
  wheel(event: WheelEvent): void {
    event.preventDefault();
    const steps = event.deltaY * (event.ctrlKey ? PINCH_FACTOR : 1);
    this.viewport.zoomBy(Math.exp(-steps * WHEEL_STEP), this.element, this.inside(event));
  }

  private pair(): [PointerEvent, PointerEvent] {
    return [...this.held.values()] as [PointerEvent, PointerEvent];
  }
}
