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
import { costOf, jobOf, numberOf, durationOf, passedOver } from "../../turns";
import { AdoptButton } from "../adopt-button";
import { Marks } from "./marks";
import { Icon } from "@/shared/ui/icon";
import { Fallbacks } from "../notices/fallback-notice";
import { Tooltip } from "@/shared/ui/layers/tooltip";

type FactsProps = {
  variant: Variant;
  /** True if another button is the likely next step. */
  quiet: boolean;
  onCompare: () => void;
};

/** Time and cost of a picture as texts; null if unknown or free. */
function spentOn(variant: Variant, job: Job | undefined) {
  const [took, cost] = [durationOf(variant, job), costOf(variant, job)];
  return { took: took > 0 ? seconds(took) : null, cost: cost > 0 ? dollars(cost) : null };
}

/** Returns a function that formats provider, time and cost, such as `Gemini · 14 s · $0.04`. */
export function useFactLine(): (variant: Variant) => string {
  const { turns } = useStudio();
  const { t } = useTranslation();
  const names = useNames();
  return (variant) => {
    const { took, cost } = spentOn(variant, jobOf(variant, turns));
    return [names.provider(providerOf(variant.model_used)), took, cost].filter(Boolean).join(t.common.dot);
  };
}

export function Facts({ variant, quiet, onCompare }: FactsProps) {
  const { turns, onFix } = useStudio();
  const { t } = useTranslation();
  const phone = usePhone();
  const marksOf = useMarks();
  const number = numberOf(variant, turns);
  const job = jobOf(variant, turns);
  const { took, cost } = spentOn(variant, job);
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
            {!phone && took && <span>{took}</span>}
            {!phone && cost && <span>{cost}</span>}
          </span>
          {!phone && adopted}
          {variant.role === "preview" && !variant.adopted && <Tag>{t.studio.previewAdoptable}</Tag>}
          <Unverified variant={variant} />
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

/** Warning beside a picture whose product could not be matched with the photo. */
export function Unverified({ variant }: { variant: Variant }) {
  const { t } = useTranslation();
  if (!isUnverified(variant.measures)) return null;
  return (
    <Tag tone="warn" icon="warning">
      {t.studio.unverified}
    </Tag>
  );
}

/** Provider of a picture. Details on demand: model, time, cost and the providers that were tried before. */
function ProviderLabel({ variant, job }: { variant: Variant; job: Job | undefined }) {
  const { t } = useTranslation();
  const names = useNames();
  const name = names.provider(providerOf(variant.model_used));
  const earlier = job ? passedOver(variant, job) : [];
  const { took, cost } = spentOn(variant, job);
  const rows = [
    [t.studio.model, variant.model_used],
    ...(took ? [[t.studio.took, took]] : []),
    [t.studio.cost, cost ?? t.studio.free],
  ];
  return (
    <Tooltip
      trigger={
        <span className="flex items-center gap-1 underline decoration-line-strong decoration-dotted underline-offset-4">
          {earlier.length > 0 && <Icon name="fallback" size={14} className="text-warn" />}
          <span className="first-letter:uppercase">{name}</span>
        </span>
      }
    >
      {earlier.length > 0 && (
        <div className="pb-2">
          <Fallbacks to={name} fallbacks={earlier} />
        </div>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5">
        {rows.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-ink-2">{label}</dt>
            <dd className="break-all">{value}</dd>
          </div>
        ))}
      </dl>
    </Tooltip>
  );
}
