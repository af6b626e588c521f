/** Full-window comparison of up to four pictures. */
import { useEffect, useState } from "react";
import type { Variant } from "@/api/client";
import { usePhone } from "@/shared/hooks/use-media";
import { pictureKeys, useShortcuts } from "@/shared/hooks/use-shortcuts";
import { useTranslation } from "@/shared/i18n/translation";
import { IconButton } from "@/shared/ui/button";
import { Checkbox } from "@/shared/ui/checkbox";
import { Dialog } from "@/shared/ui/layers/dialog";
import { Segment } from "@/shared/ui/segment";
import { Tag } from "@/shared/ui/tag";
import { AdoptButton } from "../components/adopt-button";
import { useBlink } from "../stage/use-blink";
import { usePointer } from "../hooks/use-pointer";
import { useStudio } from "../hooks/use-studio";
import { blendOf } from "../stage/pane";
import { useGround } from "@/shared/stage/use-surround";
import { Viewport } from "@/shared/stage/viewport";
import { zoomKeys } from "@/shared/stage/zoom-controls";
import { numberOf, turnOf, type Turn } from "../turns";
import { Columns, PANE_INSETS, type Shown } from "./compare-columns";
import { Pair } from "./pair";
import { PHOTO, Strip } from "./strip";

const MAX_PICTURES = 4;
const modes = ["side", "slider", "overlay", "blink", "difference"] as const;
type CompareMode = (typeof modes)[number];

type CompareScreenProps = {
  /** The picture from the stage. It is preselected, and its turn is shown. */
  variant: Variant;
  onClose: () => void;
};

export function CompareScreen({ variant, onClose }: CompareScreenProps) {
  const { session, turns, selection, runs } = useStudio();
  const { t } = useTranslation();
  const phone = usePhone();
  const ground = useGround();
  const [mode, setMode] = useState<CompareMode>(phone ? "slider" : "side");
  const [linked, setLinked] = useState(true);
  const [opacity, setOpacity] = useState(50);
  const [shared] = useState(() => new Viewport(PANE_INSETS));
  const [keys, setKeys] = useState(() => firstShown(variant, turns));
  const [chosenId, setChosenId] = useState(variant.id);
  const pointer = usePointer();
  const blink = useBlink(mode === "blink");
  const chosen = session.variants.find((other) => other.id === chosenId) ?? variant;
  const shown = keys.flatMap((key): Shown[] => {
    const found = session.variants.find((other) => other.id === key);
    return key === PHOTO ? [null] : found ? [found] : [];
  });
  const against = shown.find((other) => other !== chosen) ?? null;

  useEffect(() => shared.fit(), [shared, mode]);

  const choose = (id: string) => {
    setChosenId(id);
    selection.pick(id);
  };
  const place = (n: number) => {
    const at = shown.filter((other) => other !== null)[n - 1];
    if (at) choose(at.id);
  };
  useShortcuts(
    {
      f: () => setMode("side"),
      d: () => setMode("slider"),
      b: () => (mode === "blink" ? blink.swap() : setMode("blink")),
      x: () => setMode("difference"),
      z: () => shared.actualSizeAt(pointer.current),
      ...zoomKeys(shared),
      a: () => {
        if (!chosen.adopted) runs.adopt.mutate(chosen.id);
      },
      ...pictureKeys(place),
    },
    "dialog",
  );

  const words = { ...t.studio.mode, overlay: t.studio.overlay };
  return (
    <Dialog size="full" title={t.studio.compare} lead={session.title} onClose={onClose}>
      <div className="flex shrink-0 flex-wrap items-center gap-x-6 gap-y-2 border-b border-line px-6 py-2.5 max-sm:px-4">
        <Segment
          label={t.studio.mode.label}
          size="small"
          choices={(phone ? modes.slice(1) : modes).map((value) => ({ value, label: words[value] }))}
          value={mode}
          onChange={setMode}
        />
        {mode === "side" && (
          <Checkbox checked={linked} onChange={setLinked}>
            {t.studio.linked}
          </Checkbox>
        )}
        {mode === "overlay" && (
          <label className="flex items-center gap-3 text-data text-ink-2">
            {t.studio.opacity}
            <input
              type="range"
              min={0}
              max={100}
              value={opacity}
              className="accent-accent"
              onChange={(event) => setOpacity(event.target.valueAsNumber)}
            />
          </label>
        )}
        {mode === "blink" && <IconButton name="swap" label={t.studio.swap} onClick={blink.swap} />}
        <Strip
          keys={keys}
          onToggle={(key) => setKeys((now) => toggled(now, key))}
          className="ml-auto max-sm:ml-0"
        />
      </div>
      <div className={`${ground} flex min-h-0 flex-1 flex-col overflow-hidden`}>
        {mode === "side" ? (
          <Columns shown={shown} chosen={chosen} viewport={linked ? shared : null} onChoose={choose} />
        ) : (
          <Pair
            key={`${mode}.${chosen.id}`}
            chosen={chosen}
            against={against}
            viewport={shared}
            blend={blendOf(mode)}
            opacity={mode === "overlay" ? opacity / 100 : blink.earlier ? 1 : 0}
          />
        )}
      </div>
      <footer className="flex shrink-0 items-center gap-4 border-t border-line bg-chrome px-6 py-3 max-sm:px-4">
        <p className="min-w-0 flex-1 truncate text-data text-ink-2">
          {mode === "side" ? t.studio.sameSpot : t.studio.compareWith(against && numberOf(against, turns))}
        </p>
        {chosen.adopted ? (
          <Tag tone="accent" icon="adopt">
            {`${numberOf(chosen, turns)} ${t.studio.adopted}`}
          </Tag>
        ) : (
          <AdoptButton variant={chosen} weight="filled" shortcut="A" />
        )}
      </footer>
    </Dialog>
  );
}

/** Initial selection: the photo, the picture, and as many of its siblings as fit. */
function firstShown(variant: Variant, turns: readonly Turn[]): string[] {
  const siblings = turnOf(variant, turns)?.variants ?? [];
  const kept = [
    variant,
    ...siblings.filter((other) => other.id !== variant.id && other.role === "candidate"),
  ];
  const ids = new Set(kept.slice(0, MAX_PICTURES - 1).map(({ id }) => id));
  return [PHOTO, ...siblings.filter(({ id }) => ids.has(id)).map(({ id }) => id)];
}

/** Toggles a picture. Beyond the limit it replaces the one shown longest; at least two remain. */
function toggled(keys: readonly string[], key: string): string[] {
  if (keys.includes(key)) return keys.length > 2 ? keys.filter((other) => other !== key) : [...keys];
  return [...keys, key].slice(-MAX_PICTURES);
}
