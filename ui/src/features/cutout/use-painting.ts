/** Pointers and keys on the canvas: one paints, two move the photo. */
import { useEffect, useEffectEvent, type RefObject } from "react";
import type { Viewport } from "@/shared/stage/viewport";
import { isFar, pointOf } from "./correction";

/** A point selects a whole part, a brush paints, a box limits the search. */
export type Tool = "point" | "brush" | "box";

type Painting = {
  box: RefObject<HTMLElement | null>;
  canvas: RefObject<HTMLCanvasElement | null>;
  cursor: RefObject<HTMLElement | null>;
  viewport: Viewport;
  tool: Tool;
  radius: number;
  size: { width: number; height: number };
  /** A piece of a stroke, to be seen at once. */
  onPaint: (from: readonly number[], to: readonly number[]) => void;
  onStroke: (points: number[][]) => void;
  onPoint: (point: readonly number[]) => void;
  /** What was painted is not meant: another finger came. */
  onRevoke: () => void;
  /** A corner of the box, and the one opposite while it is drawn or when it is done. */
  onBox: (from: readonly number[], to: readonly number[], done: boolean) => void;
};

const WHEEL_STEP = 0.0018;
const KEY_STEP = 0.02;
/** A shorter way is a click: the box waits for its other corner. */
const CLICK = 0.01;
/** Share of the longer side: radius of the ring that shows where a point will be. */
const AIM = 0.008;

const arrows: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function usePainting({ box, canvas, cursor, viewport, ...painting }: Painting): void {
  const now = useEffectEvent(() => painting);

  useEffect(() => {
    const element = box.current;
    const sheet = canvas.current;
    if (!element || !sheet) return;
    const pointers = new Map<number, PointerEvent>();
    let points: number[][] = [];
    let corner: readonly number[] | null = null;
    let moving = false;
    let spread = 0;
    let space = false;
    let at: readonly [number, number] = [0.5, 0.5];

    const placed = ({ clientX, clientY, pressure, pointerType }: PointerEvent) => {
      const frame = sheet.getBoundingClientRect();
      const x = (clientX - frame.left) / frame.width;
      const y = (clientY - frame.top) / frame.height;
      return pointOf(x, y, pointerType === "pen" && pressure > 0 ? pressure : null);
    };
    const inside = (event: { clientX: number; clientY: number }) => {
      const frame = element.getBoundingClientRect();
      return { x: event.clientX - frame.left, y: event.clientY - frame.top };
    };
    /** The ring follows the hand without a drawing of the page. */
    const ring = (point: readonly number[], shown: boolean) => {
      if (!cursor.current) return;
      const { tool, radius: painted } = now();
      const radius = tool === "point" ? AIM : painted;
      const frame = sheet.getBoundingClientRect();
      const outer = element.getBoundingClientRect();
      const across = 2 * radius * Math.max(frame.width, frame.height);
      const x = frame.left - outer.left + (point[0] ?? 0) * frame.width - across / 2;
      const y = frame.top - outer.top + (point[1] ?? 0) * frame.height - across / 2;
      const { style } = cursor.current;
      const size = `${across}px`;
      // Only a new size makes the browser lay out anew, and the next point asks where the photo lies.
      if (style.width !== size) style.width = style.height = size;
      style.transform = `translate(${x}px, ${y}px)`;
      style.visibility = shown && tool !== "box" ? "visible" : "hidden";
    };

    const begin = (point: number[]) => {
      const { tool, onPaint, onBox } = now();
      if (tool !== "box") {
        points = [point];
        if (tool === "brush") onPaint(point, point);
      } else if (corner) {
        onBox(corner, point, true);
        corner = null;
      } else corner = point;
    };
    const extend = (point: number[]) => {
      const { tool, radius, size, onPaint, onBox } = now();
      if (tool === "box") {
        if (corner) onBox(corner, point, false);
        return;
      }
      const last = points.at(-1);
      if (!last || tool === "point" || !isFar(last, point, radius, size)) return;
      onPaint(last, point);
      points.push(point);
    };
    const end = (point: number[]) => {
      const { tool, onStroke, onPoint, onBox } = now();
      if (tool === "point") {
        // Where the finger lifts, so that a point can still be moved.
        if (points.length > 0) onPoint(point);
        points = [];
      } else if (tool === "brush") {
        if (points.length > 0) onStroke(points);
        points = [];
      } else if (corner) {
        const way = Math.hypot((point[0] ?? 0) - (corner[0] ?? 0), (point[1] ?? 0) - (corner[1] ?? 0));
        if (way < CLICK) return;
        onBox(corner, point, true);
        corner = null;
      }
    };

    const down = (event: PointerEvent) => {
      pointers.set(event.pointerId, event);
      element.setPointerCapture(event.pointerId);
      moving = pointers.size > 1 || space || event.button === 1;
      if (pointers.size === 2) {
        if (points.length > 0) now().onRevoke();
        points = [];
        corner = null;
        const [a, b] = [...pointers.values()] as [PointerEvent, PointerEvent];
        spread = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
      }
      if (!moving && event.button === 0) begin(placed(event));
    };
    const move = (event: PointerEvent) => {
      const point = placed(event);
      at = [point[0] ?? 0, point[1] ?? 0];
      ring(point, event.pointerType !== "touch" || pointers.size === 1);
      const before = pointers.get(event.pointerId);
      if (!before) {
        if (corner) now().onBox(corner, point, false);
        return;
      }
      pointers.set(event.pointerId, event);
      if (!moving) {
        // Plain http from another machine, and older browsers, do not have it.
        for (const each of "getCoalescedEvents" in event ? event.getCoalescedEvents() : [event])
          extend(placed(each));
        return;
      }
      const share = 1 / pointers.size;
      viewport.panBy(
        (event.clientX - before.clientX) * share,
        (event.clientY - before.clientY) * share,
        element,
      );
      if (pointers.size !== 2) return;
      const [a, b] = [...pointers.values()] as [PointerEvent, PointerEvent];
      const apart = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
      const middle = { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 };
      if (spread > 0) viewport.zoomBy(apart / spread, element, inside(middle));
      spread = apart;
    };
    const up = (event: PointerEvent) => {
      if (!pointers.delete(event.pointerId)) return;
      if (!moving) end(placed(event));
      if (pointers.size === 0) moving = false;
      if (event.pointerType === "touch") ring(placed(event), false);
    };
    const leave = () => ring(at, false);
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      viewport.zoomBy(Math.exp(-event.deltaY * WHEEL_STEP * (event.ctrlKey ? 4 : 1)), element, inside(event));
    };
    /** Without a pointer: arrows move the brush, Enter puts it down. */
    const key = (event: KeyboardEvent) => {
      if (event.key === " ") space = event.type === "keydown";
      if (event.type === "keyup" || event.target !== sheet) return;
      const way = arrows[event.key];
      if (way) {
        const step = KEY_STEP / (event.shiftKey ? 4 : 1);
        at = [at[0] + way[0] * step, at[1] + way[1] * step];
        ring(at, true);
        if (corner) now().onBox(corner, at, false);
      } else if (event.key === "Enter") {
        begin(pointOf(at[0], at[1], null));
        if (now().tool !== "box") end([...at]);
      } else return;
      event.preventDefault();
    };

    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    element.addEventListener("pointerleave", leave);
    element.addEventListener("wheel", wheel, { passive: false });
    window.addEventListener("keydown", key);
    window.addEventListener("keyup", key);
    return () => {
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
      element.removeEventListener("pointerleave", leave);
      element.removeEventListener("wheel", wheel);
      window.removeEventListener("keydown", key);
      window.removeEventListener("keyup", key);
    };
  }, [box, canvas, cursor, viewport]);
}
