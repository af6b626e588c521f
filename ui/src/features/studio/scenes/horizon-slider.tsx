/** Horizon of a custom backdrop: previewed during the drag, sent as a turn after a pause. */
import { useEffect, useEffectEvent, useId, useState } from "react";
import { usePhone } from "@/shared/hooks/use-media";
import type { PlanChanges } from "../hooks/use-runs";
import { useSceneTranslation } from "./translation";

/** Debounce in milliseconds, so that repeated key presses make one turn. */
const DEBOUNCE_MS = 600;
/** Percent. Initial position of the handle when the horizon is detected automatically. */
const MIDDLE = 50;
/** Percent. The plan counts from the top; the slider from the bottom, so that the up arrow raises the line. */
const fromBottom = (share: number) => 100 - Math.round(share * 100);

type HorizonSliderProps = {
  /** Share of the backdrop's height; null means automatic. */
  value: number | null;
  disabled: boolean;
  /** URL of the preview, shown below the slider on a phone, where the stage is out of sight. */
  preview: string;
  onTry: (changes: PlanChanges) => void;
  onSet: (changes: PlanChanges) => void;
};

export function HorizonSlider({ value, disabled, preview, onTry, onSet }: HorizonSliderProps) {
  const { t } = useSceneTranslation();
  const id = useId();
  const phone = usePhone();
  const [percent, setPercent] = useState<number | null>(null);
  const planned = value === null ? null : fromBottom(value);
  const shown = percent ?? planned;
  const changesAt = (at: number) => ({ backdrop: { horizon_y: (100 - at) / 100 } });
  const set = useEffectEvent(() => {
    if (percent !== null && percent !== planned) onSet(changesAt(percent));
  });
  useEffect(() => {
    if (percent === null) return;
    const timer = setTimeout(set, DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [percent]);
  const words = shown === null ? t.scenes.horizonAuto : t.scenes.horizonAt(shown);
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between gap-3 text-data">
        <label htmlFor={id}>{t.scenes.horizon}</label>
        <span className="text-ink-2">{words}</span>
      </div>
      <input
        id={id}
        type="range"
        min={0}
        max={100}
        value={shown ?? MIDDLE}
        aria-valuetext={words}
        disabled={disabled}
        onChange={(event) => {
          const at = Number(event.target.value);
          setPercent(at);
          onTry(changesAt(at));
        }}
        className="w-full accent-accent pointer-coarse:h-11"
      />
      {phone && <img src={preview} alt="" className="mx-auto h-48 max-w-full object-contain" />}
      <p className="text-caption text-ink-2">{t.scenes.horizonNote}</p>
    </div>
  );
}
