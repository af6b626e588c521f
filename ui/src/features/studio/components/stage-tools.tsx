/** Toolbar below the stage: zoom, comparison mode and surround. */
import type { ReactNode } from "react";
import { usePhone } from "@/shared/hooks/use-media";
import { useTranslation } from "@/shared/i18n/translation";
import { IconButton } from "@/shared/ui/button";
import { Segment } from "@/shared/ui/segment";
import { Toolbar } from "@/shared/ui/toolbar";
import { grounds, surrounds, useSurround } from "@/shared/stage/use-surround";
import type { Viewport } from "@/shared/stage/viewport";
import { ZoomControls } from "@/shared/stage/zoom-controls";
import { useStudio } from "../hooks/use-studio";

const modes = ["single", "slider", "side", "blink", "difference"] as const;
export type Mode = (typeof modes)[number];

type StageToolsProps = {
  viewport: Viewport;
  mode: Mode;
  onMode: (mode: Mode) => void;
  onSwap: () => void;
  onCompare: () => void;
  /** Null if the cut-out cannot be corrected. */
  onMatte: (() => void) | null;
  /** Actions on the picture itself. */
  children: ReactNode;
};

export function StageTools({ viewport, mode, onMode, children, ...on }: StageToolsProps) {
  const { variant, turn } = useStudio().selection;
  const { t } = useTranslation();
  const comparable = variant !== null;
  // While a picture is being made, the row of its modes is kept free.
  const awaited = turn?.active ?? false;
  const phone = usePhone();
  const compare = <IconButton plain name="compare" label={t.studio.compareLarge} onClick={on.onCompare} />;
  const matte = on.onMatte && (
    <IconButton plain name="matte" label={t.studio.fixCutOut} onClick={on.onMatte} />
  );
  if (phone) {
    return (
      <Toolbar
        label={t.studio.pictureTools}
        className="no-scrollbar flex h-11 shrink-0 items-center overflow-x-auto px-1"
      >
        {children}
        <span className="flex-1" />
        {comparable && compare}
        {matte}
      </Toolbar>
    );
  }
  return (
    <div className="@container shrink-0">
      <div className="flex min-h-[52px] flex-wrap items-center justify-between gap-x-2 gap-y-1 px-4 py-1 text-data @min-[75rem]:grid @min-[75rem]:grid-cols-[minmax(max-content,1fr)_auto_minmax(max-content,1fr)]">
        <ZoomControls viewport={viewport} className="pointer-coarse:@max-[60rem]:hidden" />
        <div
          className={`flex min-h-9 items-center justify-center gap-2 @max-[75rem]:order-last @max-[75rem]:basis-full pointer-coarse:min-h-11 ${comparable || awaited ? "" : "@max-[75rem]:hidden"}`}
        >
          {comparable && (
            <>
              <Segment
                label={t.studio.mode.label}
                choices={modes.map((value) => ({ value, label: t.studio.mode[value] }))}
                value={mode}
                onChange={onMode}
              />
              {mode === "blink" ? (
                <IconButton plain name="swap" label={t.studio.swap} onClick={on.onSwap} />
              ) : (
                compare
              )}
            </>
          )}
        </div>
        <div className="flex flex-wrap items-center justify-end gap-x-3">
          <Toolbar label={t.studio.pictureTools} className="flex flex-wrap items-center gap-x-3">
            <span className="flex items-center">{children}</span>
            {matte}
          </Toolbar>
          <SurroundSwatches />
        </div>
      </div>
    </div>
  );
}

function SurroundSwatches() {
  const { t } = useTranslation();
  const [chosen, choose] = useSurround();
  return (
    <fieldset className="flex items-center justify-end gap-2">
      <legend className="sr-only">{t.studio.surround}</legend>
      <span aria-hidden="true" className="pointer-coarse:@max-[60rem]:hidden">
        {t.studio.surround}
      </span>
      {surrounds.map((surround) => (
        <label
          key={surround}
          title={t.studio.surrounds[surround]}
          className="relative grid size-5 place-items-center pointer-coarse:size-9"
        >
          <input
            type="radio"
            name="surround"
            aria-label={t.studio.surrounds[surround]}
            className="peer absolute inset-0 cursor-pointer appearance-none opacity-0"
            checked={chosen === surround}
            onChange={() => choose(surround)}
          />
          <span
            className={`pointer-events-none size-[18px] border border-line-stage peer-checked:outline-2 peer-checked:outline-offset-1 peer-checked:outline-accent peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent ${grounds[surround]}`}
          />
        </label>
      ))}
    </fieldset>
  );
}
