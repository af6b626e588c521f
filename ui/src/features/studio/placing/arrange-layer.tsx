/** Bounding box of the product on the picture, for dragging, resizing and rotating by mouse, finger or keys. */
import { useRef, useSyncExternalStore, type CSSProperties } from "react";
import { useWindowEvent } from "@/shared/hooks/use-window-event";
import { useTranslation } from "@/shared/i18n/translation";
import type { Viewport } from "@/shared/stage/viewport";
import { FixAction, Guides, Handle, Lifted } from "./arrange-parts";
import { boxOf, clampPlacing, percent, type Arranging } from "./placing";
import { usePlacing } from "./use-placing";

const corners = [
  "-top-1.5 -left-1.5",
  "-top-1.5 -right-1.5",
  "-bottom-1.5 -left-1.5",
  "-right-1.5 -bottom-1.5",
];

type ArrangeLayerProps = Arranging & {
  viewport: Viewport;
  /** Opens the cut-out correction. */
  onFix: (() => void) | null;
};

export function ArrangeLayer({ viewport, onFix, ...arranging }: ArrangeLayerProps) {
  const { placed, inHand, preview, isPreviewed, selected, safeShare, approach, select, place } = arranging;
  const { t } = useTranslation();
  const zoomed = useSyncExternalStore(viewport.subscribe, viewport.isZoomed);
  const layer = useRef<HTMLDivElement>(null);
  const { placing, begin, drags } = usePlacing(layer, arranging);
  const isMoved = placing !== placed.placing;
  const isShown = placing === arranging.placing && isPreviewed;
  const box = boxOf(placed, placing);
  // A click on the pane outside of the product and of all controls ends the selection.
  const outside = ({ target }: MouseEvent) => {
    const pane = layer.current?.closest("main");
    if (target instanceof Element && pane?.contains(target) && !target.closest("button, a, label"))
      select(false);
  };
  useWindowEvent("click", outside, { enabled: selected });
  const style: CSSProperties = {
    left: percent(box.left),
    top: percent(box.top),
    width: percent(box.width),
    height: percent(box.height),
    transform: `rotate(${placing.turn - placed.placing.turn}deg)`,
  };
  return (
    <div ref={layer} className="pointer-events-none absolute inset-0">
      {preview && <img src={preview} alt="" draggable={false} className="absolute inset-0 size-full" />}
      {inHand && <Lifted {...inHand} from={placed.placing} to={placing} isShown={isMoved && !isShown} />}
      {selected && <Guides placed={placed} placing={placing} share={safeShare} />}
      <div className="absolute" style={style}>
        <button
          type="button"
          // A product that is only looked at from close by stays where it is.
          data-drags={selected ? "all" : zoomed ? "none" : "mouse"}
          aria-label={t.studio.product}
          aria-pressed={selected}
          aria-describedby="arrange-keys"
          className={`pointer-events-auto absolute inset-0 ${selected || !zoomed ? "cursor-move" : "cursor-grab"} ${selected ? "touch-none outline-[calc(2px/var(--zoom,1))] outline-on-picture shadow-[0_0_0_calc(3px/var(--zoom,1))_var(--color-on-dark)]" : "hover:outline-[calc(1px/var(--zoom,1))] hover:outline-on-picture"}`}
          onClick={() => select(true)}
          onDoubleClick={() => place(clampPlacing(placed, { ...placing, x: 0.5, y: 0.5 }), true)}
          onPointerEnter={approach}
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
              // One of the four handles is enough for keyboard users.
              hidden={index > 0}
              className={`${corner} ${index % 3 === 0 ? "cursor-nwse-resize" : "cursor-nesw-resize"}`}
              onPointerDown={(event) => begin("size", event)}
              {...drags}
            />
          ))}
        {selected && !placed.isWhole && (
          <Handle
            round
            label={t.studio.productTurn}
            className="-top-9 left-1/2 -ml-1.5 cursor-grab"
            onPointerDown={(event) => begin("turn", event)}
            {...drags}
          />
        )}
      </div>
      {selected && onFix && !isMoved && <FixAction box={box} onFix={onFix} />}
    </div>
  );
}
