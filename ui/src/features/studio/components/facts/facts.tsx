/** Facts about the picture on the stage, with its action buttons. */
import type { Job, Variant } from "@/api/client";
import { dollars, seconds } from "@/shared/format";
import { usePhone } from "@/shared/hooks/use-media";
import { useNames } from "@/shared/hooks/use-names";
import { useTranslation } from "@/shared/i18n/translation";
import { providerOf } from "@/shared/providers";
import { SaveRecipe } from "@/shared/recipe/save-recipe";
import { Button } from "@/shared/ui/button";
import { Tag } from "@/shared/ui/tag";
import { isUnverified } from "@/shared/verified";
import { useMarks } from "../../hooks/use-marks";
import { useStudio } from "../../hooks/use-studio";
import { costOf, numberOf, durationOf } from "../../turns";
import { AdoptButton } from "../adopt-button";
import { Marks } from "./marks";
import { ProviderLabel } from "./provider-label";

type FactsProps = {
  variant: Variant;
  /** True if another button is the likely next step. */
  quiet: boolean;
  onCompare: () => void;
};

/** Returns a function that formats provider, time and cost, such as `Gemini · 14 s · $0.04`. */
export function useFactLine(): (variant: Variant, job: Job | undefined) => string {
  const { t } = useTranslation();
  const names = useNames();
  return (variant, job) => {
    const parts = [names.provider(providerOf(variant.model_used))];
    const took = durationOf(variant, job);
    if (took > 0) parts.push(seconds(took));
    const cost = costOf(variant, job);
    if (cost > 0) parts.push(dollars(cost));
    return parts.join(t.common.dot);
  };
}

export function Facts({ variant, quiet, onCompare }: FactsProps) {
  const { turns, onFix } = useStudio();
  const { t } = useTranslation();
  const phone = usePhone();
  const marksOf = useMarks();
  const number = numberOf(variant, turns);
  const job = turns.find((turn) => turn.job.id === variant.job_id)?.job;
  const took = durationOf(variant, job);
  const cost = costOf(variant, job);
  const unverified = isUnverified(variant.measures);
  const adopted = variant.adopted && (
    <Tag tone="accent" icon="adopt">
      {t.studio.adopted}
    </Tag>
  );
  return (
    <section
      aria-label={number}
      className="flex min-w-56 flex-1 justify-center gap-2.5 max-sm:items-center max-sm:justify-between max-sm:px-1.5 sm:flex-col lg:flex-row lg:flex-wrap lg:content-center lg:items-center lg:justify-between lg:gap-x-6"
    >
      <div className="flex min-w-0 flex-col gap-2 max-sm:gap-1 lg:min-w-72 lg:flex-1">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          {!phone && <span className="text-lead font-semibold">{number}</span>}
          <span className="flex gap-2.5 text-body text-ink-2 max-sm:text-caption">
            <ProviderLabel variant={variant} job={job} />
            {!phone && took > 0 && <span>{seconds(took)}</span>}
            {!phone && cost > 0 && <span>{dollars(cost)}</span>}
          </span>
          {!phone && adopted}
          {variant.role === "preview" && !variant.adopted && <Tag>{t.studio.previewAdoptable}</Tag>}
          {unverified && (
            <Tag tone="warn" icon="warning">
              {t.studio.unverified}
            </Tag>
          )}
        </p>
        <Marks explained besideNotice marks={marksOf(variant)} onFix={(fix) => onFix(variant, fix)} />
      </div>
      <div className="flex flex-wrap gap-2 max-sm:shrink-0">
        {phone && adopted}
        {!variant.adopted && (
          <AdoptButton variant={variant} weight={quiet ? "outlined" : "yielding"} shortcut="A" />
        )}
        {!phone && (
          <>
            <Button shortcut="C" onClick={onCompare}>
              {t.studio.compare}
            </Button>
            <SaveRecipe settings={{ variant_id: variant.id }} />
          </>
        )}
      </div>
    </section>
  );
}
