/** On a phone the marks stand beside the thumbnails; the button to adopt is docked at the foot. */
import type { Schemas } from "@/api/client";
import { useSpeech } from "@/shared/i18n/words";
import { Icon } from "@/shared/ui/icon";
import { isUnverified } from "@/shared/verified";
import { useMarks } from "../hooks/use-marks";
import type { Fix } from "../marks";
import { Marks } from "./marks";
import { ProviderLabel } from "./provider-label";

type PhoneFactsProps = {
  variant: Schemas["Variant"];
  job: Schemas["Job"] | undefined;
  onFix: (fix: Fix) => void;
};

export function PhoneFacts({ variant, job, onFix }: PhoneFactsProps) {
  const { t } = useSpeech();
  const marksOf = useMarks();
  return (
    <div className="flex min-w-28 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
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
  );
}
