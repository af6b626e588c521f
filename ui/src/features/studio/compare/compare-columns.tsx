/** Side-by-side comparison: pictures in a row, below each an enlarged detail at full resolution. */
import { useEffect, useState } from "react";
import type { Variant } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { useMarks } from "../hooks/use-marks";
import { useStudio } from "../hooks/use-studio";
import { Pane } from "../stage/pane";
import { mapOf, pictureOf, shownOf } from "../stage/pictures";
import { detailPointOf } from "../stage/alignment";
import { Viewport } from "@/shared/stage/viewport";
import { numberOf } from "../turns";
import { Unverified, useFactLine } from "../components/facts/facts";
import { Marks } from "../components/facts/marks";

/** CSS pixels around a picture in its pane. */
export const PANE_INSETS = { side: 12, top: 12, foot: 32 };

/** Null stands for the photo. */
export type Shown = Variant | null;

type ColumnsProps = {
  shown: readonly Shown[];
  chosen: Variant;
  /** Null lets each picture be zoomed separately. */
  viewport: Viewport | null;
  onChoose: (id: string) => void;
};

export function Columns({ shown, chosen, viewport, onChoose }: ColumnsProps) {
  const { session } = useStudio();
  const [close] = useState(() => new Viewport({ side: 0, top: 0, foot: 0 }));
  const logo = session.context.logo_anchor ?? null;
  const map = mapOf(chosen);
  const { x, y } = detailPointOf(chosen.image, map, logo, chosen.measures.subject_box);
  useEffect(() => close.lookAt(x, y), [close, x, y]);
  return (
    <div
      className="grid min-h-0 flex-1 gap-x-3 p-3"
      style={{
        gridTemplateColumns: `repeat(${shown.length}, minmax(0, 1fr))`,
        gridTemplateRows: "minmax(0, 5fr) minmax(0, 3fr) auto",
        gridAutoFlow: "column",
      }}
    >
      {shown.map((variant) => (
        <Column
          key={variant?.id ?? "photo"}
          variant={variant}
          frame={chosen}
          selected={variant === chosen}
          viewport={viewport}
          close={close}
          onChoose={onChoose}
        />
      ))}
    </div>
  );
}

type ColumnProps = {
  variant: Shown;
  /** The photo is aligned to this picture's frame, so that the same coordinates show the same spot in all. */
  frame: Variant;
  selected: boolean;
  viewport: Viewport | null;
  close: Viewport;
  onChoose: (id: string) => void;
};

function Column({ variant, frame, selected, viewport, close, onChoose }: ColumnProps) {
  const { session, turns } = useStudio();
  const { t } = useTranslation();
  const marksOf = useMarks();
  const factLine = useFactLine();
  const [own] = useState(() => new Viewport(PANE_INSETS));
  const number = variant ? numberOf(variant, turns) : t.studio.photo;
  const map = mapOf(frame);
  const picture = shownOf(variant ?? frame, variant ? number : "");
  const before = variant ? undefined : { picture: pictureOf(session.image, t.studio.photoAlt, false), map };
  const shared = { picture, before, blend: "over" as const };
  return (
    <>
      <Pane {...shared} viewport={viewport ?? own} />
      <Pane {...shared} viewport={close} />
      <div className="flex min-h-24 flex-col items-start gap-1.5 pt-2.5">
        {variant ? (
          <>
            <button
              type="button"
              aria-pressed={selected}
              onClick={() => onChoose(variant.id)}
              className={`flex flex-wrap items-center gap-x-2.5 gap-y-1 rounded-control border px-2.5 py-1 text-left text-data ${selected ? "border-accent bg-accent-soft text-ink" : "border-line-stage"}`}
            >
              <span className="text-body font-semibold">{number}</span>
              <span>{factLine(variant)}</span>
            </button>
            <Unverified variant={variant} />
            <div className="rounded-control bg-panel px-2.5 py-1.5">
              <Marks marks={marksOf(variant)} />
            </div>
          </>
        ) : (
          <p className="py-1 text-data">{map ? t.studio.aligned : t.studio.notAligned}</p>
        )}
      </div>
    </>
  );
}
