/** Where the ground ends in an own backdrop: tried on the stage while it is moved, a turn when it is let go. */
import { useEffect, useEffectEvent, useId, useState } from "react";
import { usePhone } from "@/shared/hooks/use-media";
import type { PlanChanges } from "../hooks/use-runs";
import { useSceneSpeech } from "./speech";

/** Keys pressed one after the other make one turn. */
const STANDS_MS = 600;
/** Where an edge that is found by itself is drawn first. */
const MIDDLE = 50;

type HorizonSliderProps = {
  /** Share of the backdrop's height; null is found by itself. */
  value: number | null;
  disabled: boolean;
  /** How the picture would look; on a phone the stage is out of sight. */
  preview: string;
  onTry: (changes: PlanChanges) => void;
  onSet: (changes: PlanChanges) => void;
};

export function HorizonSlider({ value, disabled, preview, onTry, onSet }: HorizonSliderProps) {
  const { t } = useSceneSpeech();
  const id = useId();
  const phone = usePhone();
  const [percent, setPercent] = useState<number | null>(null);
  const planned = value === null ? null : Math.round(value * 100);
  const shown = percent ?? planned;
  const changesAt = (at: number) => ({ backdrop: { horizon_y: at / 100 } });
  const set = useEffectEvent(() => {
    if (percent !== null && percent !== planned) onSet(changesAt(percent));
  });
  useEffect(() => {
    if (percent === null) return;
    const timer = setTimeout(set, STANDS_MS);
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
