/** Asks once for the size of the product, in one tap, because it decides which scenes fit. */
import { useState } from "react";
import { isBoolean, useStored } from "@/shared/hooks/use-stored";
import { Button } from "@/shared/ui/button";
import { Toolbar } from "@/shared/ui/toolbar";
import { useStudio } from "../hooks/use-studio";
import { useSceneTranslation } from "./translation";

/** Longest side in centimetres for each answer. */
const SIZES = { palm: 10, shoebox: 30, chair: 90, sofa: 200 } as const;
type Size = keyof typeof SIZES;
const sizes = Object.keys(SIZES) as Size[];

/** `onRedo` makes the picture again with the new size; null if it shows no scene. */
export function SizeQuestion({ onRedo }: { onRedo: (() => void) | null }) {
  const { session, runs } = useStudio();
  const { change } = runs;
  const { t } = useSceneTranslation();
  const [skipped, setSkipped] = useStored(`size-skipped.${session.id}`, false, isBoolean);
  const [open, setOpen] = useState(false);
  const [isNew, setNew] = useState(false);
  const now = session.product.size_cm ?? null;
  const answer = (size_cm: number | null) => {
    setOpen(false);
    if (size_cm === null) setSkipped(true);
    else change.mutate({ product: { size_cm } }, { onSuccess: () => setNew(true) });
  };
  if (open || (now === null && !skipped)) {
    return (
      <Toolbar
        label={t.studio.productSize}
        className="flex flex-col gap-2 rounded-control border border-line px-3 py-2.5"
      >
        <p className="text-data">{t.scenes.sizeAsk}</p>
        <div className="flex flex-wrap gap-2 max-sm:gap-1.5">
          {sizes.map((size) => (
            <Button
              key={size}
              size="small"
              title={t.scenes.sizeHint[size]}
              aria-pressed={now === SIZES[size]}
              disabled={change.isPending}
              onClick={() => answer(SIZES[size])}
            >
              {t.scenes.size[size]}
            </Button>
          ))}
          <Button size="small" weight="text" className="-mr-2.5" onClick={() => answer(null)}>
            {open ? t.common.cancel : t.scenes.sizeSkip}
          </Button>
        </div>
      </Toolbar>
    );
  }
  const named = sizes.find((size) => SIZES[size] === now);
  const words = named ? t.scenes.size[named] : now === null ? null : t.scenes.sizeOther(now);
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-data text-ink-2">
      {words === null ? t.scenes.sizeUnknown : t.scenes.sizeNow(words)}
      <Button size="small" weight="text" className="-mx-2.5" onClick={() => setOpen(true)}>
        {t.scenes.sizeChange}
      </Button>
      {isNew && onRedo && (
        <Button
          size="small"
          onClick={() => {
            setNew(false);
            onRedo();
          }}
        >
          {t.scenes.sizeRedo}
        </Button>
      )}
    </p>
  );
}
