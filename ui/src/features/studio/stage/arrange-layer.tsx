/** The product's box on the picture: dragged, resized and turned by mouse, finger or keys. */
import {
  useEffect,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
} from "react";
import { useTranslation } from "@/shared/i18n/translation";
import { FixAction, Ghost, Guides, Handle } from "./arrange-parts";
import { boxOf, held, percent, snapped, stepped, type Arranging, type Placing } from "./placing";

type Point = { x: number; y: number };
type Grip = "move" | "size" | "turn";

/** Where a gesture began: the pointers, and what the product was then. */
type Gesture = {
  grip: Grip;
  from: Placing;
  at: Map<number, Point>;
  start: Map<number, Point>;
  last: Placing | null;
  /** Timestamp of the last event that was passed on to the studio, in milliseconds. */
  toldAt: number;
};

const SLACK_PX = 4;
/** Interval at which a drag is passed on to the studio, which asks for previews; the layer is drawn in every frame. */
const TELL_MS = 100;
const corners = [
  "-top-1.5 -left-1.5",
  "-top-1.5 -right-1.5",
  "-bottom-1.5 -left-1.5",
  "-right-1.5 -bottom-1.5",
];
const degrees = 180 / Math.PI;

type ArrangeLayerProps = Arranging & {
  /** Opens the cut-out, where it can be corrected. */
  onFix: (() => void) | null;
};

export function ArrangeLayer({
  placed,
  placing: known,
  cutOut,
  preview,
  selected,
  ...rest
}: ArrangeLayerProps) {
  const { safeShare, select, place, onFix } = rest;
  const { t } = useTranslation();
  const layer = useRef<HTMLDivElement>(null);
  const gesture = useRef<Gesture | null>(null);
  /** Placement during a drag; null outside of one. */
  const [inHand, setInHand] = useState<Placing | null>(null);
  const placing = inHand ?? known;
  const box = boxOf(placed, placing);
  useEffect(() => {
    if (!selected) return;
    const outside = ({ target }: MouseEvent) => {
      const pane = layer.current?.closest("main");
      const isPicture =
        target instanceof Element && pane?.contains(target) && !target.closest("button, a, label");
      if (isPicture) select(false);
    };
    window.addEventListener("click", outside);
    return () => window.removeEventListener("click", outside);
  }, [selected, select]);

  /** The place that the pointers ask for by now. */
  const asked = ({ grip, from, at, start }: Gesture): Placing => {
    const picture = layer.current?.getBoundingClientRect();
    if (!picture) return from;
    const centre = { x: picture.left + from.x * picture.width, y: picture.top + from.y * picture.height };
    const [first, second] = [...at.keys()];
    const [a, b] = first === undefined ? [] : [start.get(first), at.get(first)];
    if (!a || !b) return from;
    const [c, d] = second === undefined ? [centre, centre] : [start.get(second), at.get(second)];
    const pinches = second !== undefined && c && d;
    const apart = (one: Point, other: Point) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
    const angle = (one: Point, other: Point) => Math.atan2(other.y - one.y, other.x - one.x) * degrees;
    const size = pinches || grip === "size" ? apart(d ?? centre, b) / apart(c ?? centre, a) : 1;
    const swung = pinches || grip === "turn" ? angle(d ?? centre, b) - angle(c ?? centre, a) : 0;
    const isMove = grip === "move" && !pinches;
    return {
      x: from.x + (isMove ? (b.x - a.x) / picture.width : 0),
      y: from.y + (isMove ? (b.y - a.y) / picture.height : 0),
      fill: from.fill * size,
      turn: from.turn + (((swung + 540) % 360) - 180),
    };
  };

  const begin = (grip: Grip, event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || (!selected && event.pointerType === "touch")) return;
    const now = gesture.current;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = new Map(now?.at ?? []).set(event.pointerId, { x: event.clientX, y: event.clientY });
    gesture.current = {
      grip,
      from: placing,
      at,
      start: new Map(at),
      last: now?.last ?? null,
      toldAt: -Infinity,
    };
  };
  const move = (event: PointerEvent) => {
    const now = gesture.current;
    const started = now?.start.get(event.pointerId);
    if (!now || !started) return;
    now.at.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const travelled = Math.hypot(event.clientX - started.x, event.clientY - started.y);
    if (now.last === null && travelled <= SLACK_PX) return;
    if (!selected) select(true);
    now.last = snapped(held(placed, asked(now)));
    setInHand(now.last);
    if (event.timeStamp < now.toldAt + TELL_MS) return;
    now.toldAt = event.timeStamp;
    place(now.last, false);
  };
  const end = (event: PointerEvent) => {
    const now = gesture.current;
    if (!now?.at.delete(event.pointerId)) return;
    if (now.at.size > 0) {
      gesture.current = { ...now, grip: "move", from: now.last ?? placing, start: new Map(now.at) };
      return;
    }
    gesture.current = null;
    setInHand(null);
    if (now.last) place(now.last, true);
  };
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && selected) {
      event.stopPropagation();
      select(false);
      return;
    }
    const next = stepped(placing, event.key, event.shiftKey);
    if (!next) return;
    event.preventDefault();
    if (!selected) select(true);
    place(held(placed, next), true);
  };

  const drags = { onPointerMove: move, onPointerUp: end, onPointerCancel: end, onKeyDown: press };
  const style: CSSProperties = {
    left: percent(box.left),
    top: percent(box.top),
    width: percent(box.width),
    height: percent(box.height),
    transform: `rotate(${placing.turn - placed.placing.turn}deg)`,
  };
  return (
    <div ref={layer} className="pointer-events-none absolute inset-0">
      {preview ? (
        <img src={preview} alt="" draggable={false} className="absolute inset-0 size-full" />
      ) : (
        placing !== placed.placing && <Ghost {...{ placed, placing, cutOut }} />
      )}
      {selected && <Guides placed={placed} placing={placing} share={safeShare} />}
      <div className="absolute" style={style}>
        <button
          type="button"
          data-drags={selected ? "all" : "mouse"}
          aria-label={t.studio.product}
          aria-pressed={selected}
          aria-describedby="arrange-keys"
          className={`pointer-events-auto absolute inset-0 cursor-move ${selected ? "touch-none outline-[calc(2px/var(--zoom,1))] outline-on-picture shadow-[0_0_0_calc(3px/var(--zoom,1))_var(--color-on-dark)]" : "hover:outline-[calc(1px/var(--zoom,1))] hover:outline-on-picture"}`}
          onClick={() => select(true)}
          onDoubleClick={() => place(held(placed, { ...placing, x: 0.5, y: 0.5 }), true)}
          onPointerDown={(event) => begin("move", event)}
          {...drags}
        />
        <span id="arrange-keys" className="sr-only">
          {t.studio.productKeys}
        </span>
        {selected &&
          corners.map((corner, index) => (
            <Handle
              key={corner}
              label={t.studio.productSize}
              // One of the four is enough for the keyboard.
              hidden={index > 0}
              className={`${corner} ${index % 3 === 0 ? "cursor-nwse-resize" : "cursor-nesw-resize"}`}
              onPointerDown={(event) => begin("size", event)}
              {...drags}
            />
          ))}
        {selected && placed.turns && (
          <Handle
            round
            label={t.studio.productTurn}
            className="-top-9 left-1/2 -ml-1.5 cursor-grab"
            onPointerDown={(event) => begin("turn", event)}
            {...drags}
          />
        )}
      </div>
      {selected && onFix && placing === placed.placing && <FixAction box={box} onFix={onFix} />}
    </div>
  );
}
