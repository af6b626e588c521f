/** Phone layout: marks of the picture on the stage and the adopt button, below the thumbnails. */
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { Tag } from "@/shared/ui/tag";
import { isUnverified } from "@/shared/verified";
import { useMarks } from "../../hooks/use-marks";
import { numberOf } from "../../turns";
import type { FactsProps } from "./facts";
import { Marks } from "./marks";
import { ProviderLabel } from "./provider-label";

type PhoneFactsProps = Omit<FactsProps, "onCompare">;

export function PhoneFacts({ variant, turns, adopting, quiet, onAdopt, onFix }: PhoneFactsProps) {
  const { t } = useTranslation();
  const marksOf = useMarks();
  const job = turns.find((turn) => turn.job.id === variant.job_id)?.job;
  return (
    <div className="flex min-w-56 flex-1 items-center justify-between gap-3 pl-1.5">
      <div className="flex min-w-0 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-caption text-ink-2">
          <ProviderLabel variant={variant} job={job} />
          {variant.role === "preview" && <span>{t.studio.preview}</span>}
          {isUnverified(variant.measures) && (
            <span className="flex items-center gap-1.5 text-warn">
              <Icon name="warning" size={14} />
              {t.studio.unverified}
            </span>
          )}
        </div>
        <Marks explained besideNotice marks={marksOf(variant)} onFix={onFix} />
      </div>
      {variant.adopted ? (
        <Tag tone="accent" icon="adopt">
          {t.studio.adopted}
        </Tag>
      ) : (
        <Button
          size="action"
          weight={quiet ? "outlined" : "filled"}
          icon="adopt"
          aria-label={t.studio.adoptThis(numberOf(variant, turns))}
          disabled={adopting}
          onClick={onAdopt}
        >
          {t.studio.adopt}
        </Button>
      )}
    </div>
  );
}
