/** Zoom of a viewport: out, its value, in, and back to the whole picture. */
import { useSyncExternalStore } from "react";
import type { Shortcuts } from "@/shared/hooks/use-shortcuts";
import { useTranslation } from "@/shared/i18n/translation";
import { IconButton } from "@/shared/ui/button";
import { Toolbar } from "@/shared/ui/toolbar";
import type { Viewport } from "./viewport";

const STEP = 1.25;

type ZoomControlsProps = {
  viewport: Viewport;
  /** Classes of the controls that a narrow bar leaves out; two fingers zoom as well. */
  className?: string;
};

export function ZoomControls({ viewport, className = "" }: ZoomControlsProps) {
  const { t } = useTranslation();
  const percent = useSyncExternalStore(viewport.subscribe, viewport.percent);
  return (
    <Toolbar label={t.studio.zoom} className="flex items-center gap-0.5">
      <IconButton
        plain
        className={className}
        name="zoomOut"
        label={t.studio.zoomOut}
        onClick={() => viewport.zoomBy(1 / STEP)}
      />
      <span className={`w-12 text-center font-semibold ${className}`}>{`${percent}%`}</span>
      <IconButton
        plain
        className={className}
        name="zoomIn"
        label={t.studio.zoomIn}
        onClick={() => viewport.zoomBy(STEP)}
      />
      <IconButton plain name="fit" label={t.studio.fit} onClick={() => viewport.fit()} />
    </Toolbar>
  );
}

/** Keys that zoom a viewport. */
export const zoomKeys = (viewport: Viewport): Shortcuts => ({
  "+": () => viewport.zoomBy(STEP),
  "=": () => viewport.zoomBy(STEP),
  "-": () => viewport.zoomBy(1 / STEP),
  0: () => viewport.fit(),
});
