/** Drags of the product's box: it is moved, resized and turned by mouse, fingers or keys. */
import { useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from "react";
import { useWindowEvent } from "@/shared/hooks/use-window-event";
import { clampPlacing, snapToCentre, placingAfterKey, type Arranging, type Placing } from "./placing";
import { takesDrag } from "../stage/use-gestures";

type Point = { x: number; y: number };
type Grip = "move" | "size" | "turn";

/** State of the pointers and of the product when a drag began, and now. */
type Drag = {
  grip: Grip;
  from: Placing;
  /** Placement before the first finger, to which Escape returns. */
  origin: Placing;
  at: Map<number, Point>;
  start: Map<number, Point>;
  last: Placing | null;
  /** Timestamp of the last event that was passed on to the studio, in milliseconds. */
  toldAt: number;
};

const SLACK_PX = 4;
/** Milliseconds between previews during a drag. The layer itself is drawn in every frame. */
const TELL_MS = 100;
const degrees = 180 / Math.PI;

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
const angle = (from: Point, to: Point) => Math.atan2(to.y - from.y, to.x - from.x) * degrees;
const pointOf = ({ clientX, clientY }: PointerEvent): Point => ({ x: clientX, y: clientY });

/** Placement that the pointers of a drag ask for. A second finger resizes and turns, whatever the grip. */
function askedBy({ grip, from, at, start }: Drag, picture: DOMRect): Placing {
  const [first, second] = [...at.keys()];
  const [a, b] = first === undefined ? [] : [start.get(first), at.get(first)];
  if (!a || !b) return from;
  const pinch = second === undefined ? null : { from: start.get(second), to: at.get(second) };
  const centre = { x: picture.left + from.x * picture.width, y: picture.top + from.y * picture.height };
  const [c, d] = [pinch?.from ?? centre, pinch?.to ?? centre];
  const size = pinch || grip === "size" ? Math.max(1, distance(d, b)) / Math.max(1, distance(c, a)) : 1;
  const swung = pinch || grip === "turn" ? angle(d, b) - angle(c, a) : 0;
  const isMove = grip === "move" && !pinch;
  return {
    x: from.x + (isMove ? (b.x - a.x) / picture.width : 0),
    y: from.y + (isMove ? (b.y - a.y) / picture.height : 0),
    fill: from.fill * size,
    turn: from.turn + (((swung + 540) % 360) - 180),
  };
}

export function usePlacing(
  layer: RefObject<HTMLElement | null>,
  { placed, placing: known, selected, select, place }: Arranging,
) {
  const drag = useRef<Drag | null>(null);
  const trailing = useRef<number>(undefined);
  /** Placement during a drag; null outside of one. */
  const [inHand, setInHand] = useState<Placing | null>(null);
  const placing = inHand ?? known;

  const begin = (grip: Grip, event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || !takesDrag(event.currentTarget, event.pointerType)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = new Map(drag.current?.at ?? []).set(event.pointerId, pointOf(event));
    const { last = null, origin = placing } = drag.current ?? {};
    drag.current = { grip, from: placing, origin, at, start: new Map(at), last, toldAt: -Infinity };
  };
  const move = (event: PointerEvent) => {
    const now = drag.current;
    const started = now?.start.get(event.pointerId);
    if (!now || !started) return;
    now.at.set(event.pointerId, pointOf(event));
    if (now.last === null && distance(pointOf(event), started) <= SLACK_PX) return;
    if (!selected) select(true);
    const picture = layer.current?.getBoundingClientRect();
    now.last = snapToCentre(clampPlacing(placed, picture ? askedBy(now, picture) : now.from));
    setInHand(now.last);
    const { last } = now;
    window.clearTimeout(trailing.current);
    if (event.timeStamp < now.toldAt + TELL_MS) {
      trailing.current = window.setTimeout(() => place(last, false), TELL_MS);
      return;
    }
    now.toldAt = event.timeStamp;
    place(last, false);
  };
  const finish = (last: Placing | null | undefined) => {
    drag.current = null;
    window.clearTimeout(trailing.current);
    setInHand(null);
    if (last) place(last, true);
  };
  const end = (event: PointerEvent) => {
    const now = drag.current;
    if (!now?.at.delete(event.pointerId)) return;
    if (now.at.size > 0) {
      // One of two fingers left: the other goes on moving from here.
      drag.current = { ...now, grip: "move", from: now.last ?? placing, start: new Map(now.at) };
      return;
    }
    finish(now.last);
  };
  const escape = (event: globalThis.KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    finish(drag.current?.origin);
  };
  // Captured, because a pointer that drags need not have moved the focus here.
  useWindowEvent("keydown", escape, { enabled: inHand !== null, capture: true });
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && selected) {
      event.stopPropagation();
      select(false);
      return;
    }
    const next = placingAfterKey(placing, event.key, event.shiftKey);
    if (!next) return;
    event.preventDefault();
    if (!selected) select(true);
    place(clampPlacing(placed, next), true);
  };

  return {
    placing,
    begin,
    drags: { onPointerMove: move, onPointerUp: end, onPointerCancel: end, onKeyDown: press },
  };
}
