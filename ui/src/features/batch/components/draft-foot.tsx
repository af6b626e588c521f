/** Foot of a batch draft: name, budget, price and the start button. */
import { batchRequestBounds } from "@/api/bounds.gen";
import { useId } from "react";
import type { Schemas } from "@/api/client";
import { dollars } from "@/shared/format";
import { useNames } from "@/shared/hooks/use-names";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import type { Draft } from "../draft";
import { useBatchTranslation } from "../translation";
import { NotCarriedOut } from "./not-carried-out";

type DraftFootProps = {
  draft: Draft;
  /** Default name, used when the user enters none. */
  name: string;
  photos: number;
  /** Photos that are not uploaded yet. */
  waiting: number;
  canBegin: boolean;
  isSaid: boolean;
  estimate: Schemas["BatchEstimate"] | null;
  error: unknown;
  isBusy: boolean;
  onChange: (part: Partial<Draft>) => void;
  onBegin: () => void;
};

const input =
  "h-9 min-w-0 rounded-control border border-line-strong bg-field px-2.5 text-body pointer-coarse:h-11";

export function DraftFoot({ draft, photos, waiting, estimate, onChange, ...props }: DraftFootProps) {
  const { t } = useBatchTranslation();
  const names = useNames();
  const id = useId();
  const isPriced = !estimate?.warnings.includes("price_unknown");
  const price =
    estimate &&
    isPriced &&
    (estimate.estimate_usd > 0 ? t.studio.atMost(dollars(estimate.estimate_usd)) : t.studio.free);
  return (
    <footer className="flex flex-col gap-3 border-t border-line px-5 py-4 max-sm:px-4">
      <div className="flex items-center justify-between gap-3">
        <label htmlFor={`${id}-name`} className="text-body text-ink-2">
          {t.common.name}
        </label>
        <input
          id={`${id}-name`}
          value={draft.name}
          maxLength={batchRequestBounds.name.maxLength}
          placeholder={props.name}
          onChange={({ target }) => onChange({ name: target.value })}
          className={`${input} w-56`}
        />
      </div>
      <div>
        <div className="flex items-center justify-between gap-3">
          <label htmlFor={id} className="text-body text-ink-2">
            {t.batch.budgetLabel}
          </label>
          <input
            id={id}
            type="number"
            min={0}
            step={0.01}
            inputMode="decimal"
            placeholder={t.batch.noBudget}
            aria-describedby={`${id}-hint`}
            value={draft.budget ?? ""}
            onChange={({ target }) =>
              onChange({ budget: target.value === "" ? null : Math.max(0, target.valueAsNumber) })
            }
            className={`${input} w-28 text-right`}
          />
        </div>
        <p id={`${id}-hint`} className="text-data text-ink-2">
          {t.batch.budgetHint}
        </p>
      </div>
      <NotCarriedOut
        instructions={estimate?.not_carried_out ?? []}
        own={draft.recipeId === null ? draft.choices.prompt : null}
        onChange={(prompt) => onChange({ choices: { ...draft.choices, prompt } })}
      />
      <CallProblem error={props.error} />
      <Button
        size="action"
        wide
        weight="filled"
        disabled={!props.canBegin || props.isBusy}
        onClick={props.onBegin}
      >
        {photos === 0 ? (
          t.batch.noPhotos
        ) : !props.isSaid ? (
          t.batch.noBackground
        ) : (
          <>
            <span className="font-semibold">{t.batch.start(photos)}</span>
            {price && <span className="font-normal">{price}</span>}
          </>
        )}
      </Button>
      <p role="status" className="min-h-5 text-data text-ink-2">
        {waiting > 0
          ? t.batch.uploading(photos - waiting, photos)
          : estimate
            ? [
                t.batch.pictures(estimate.pictures),
                names.provider(estimate.provider),
                ...(estimate.warnings.includes("budget_too_small") ? [t.batch.budgetTooSmall] : []),
                ...(isPriced ? [] : [t.batch.priceUnknown]),
              ].join(t.common.dot)
            : ""}
      </p>
    </footer>
  );
}
