/** Provider of a picture. Details on demand: model, time, cost and the providers that were tried before. */
import type { Job, Variant } from "@/api/client";
import { dollars, seconds } from "@/shared/format";
import { useNames } from "@/shared/hooks/use-names";
import { useTranslation } from "@/shared/i18n/translation";
import { providerOf } from "@/shared/providers";
import { Icon } from "@/shared/ui/icon";
import { Tooltip } from "@/shared/ui/layers/tooltip";
import { costOf, passedOver, durationOf } from "../../turns";

type ProviderLabelProps = { variant: Variant; job: Job | undefined };

export function ProviderLabel({ variant, job }: ProviderLabelProps) {
  const { t } = useTranslation();
  const names = useNames();
  const name = names.provider(providerOf(variant.model_used));
  const earlier = job ? passedOver(variant, job) : [];
  const took = durationOf(variant, job);
  const cost = costOf(variant, job);
  const rows = [
    [t.studio.model, variant.model_used],
    ...(took > 0 ? [[t.studio.took, seconds(took)]] : []),
    [t.studio.cost, cost > 0 ? dollars(cost) : t.studio.free],
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
          <p className="font-semibold text-warn">{t.studio.fellBack(name)}</p>
          {earlier.map((fallback, index) => (
            <p key={index}>
              {t.studio.fellBackWhy(names.provider(fallback.from), names.reason(fallback.reason))}
            </p>
          ))}
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
