/** Error above the instruction field: why the instruction was refused. The text stays in the field. */
import { useTranslation } from "@/shared/i18n/translation";
import { Icon } from "@/shared/ui/icon";
import { useScrollIntoView } from "./use-scroll-into-view";
import { RejectedClauseList } from "@/shared/instruction/rejected-clause-list";
import type { RejectedClause } from "@/shared/instruction/rejected-clauses";

type RefusedBannerProps = {
  toldBack: readonly RejectedClause[];
  value: string;
  onChange: (value: string) => void;
};

export function RefusedBanner({ toldBack, value, onChange }: RefusedBannerProps) {
  const { t } = useTranslation();
  const banner = useScrollIntoView(toldBack.map(({ text }) => text).join());
  if (toldBack.length === 0) return null;
  return (
    <div
      ref={banner}
      role="alert"
      className="flex items-start gap-2 rounded-area bg-warn-soft px-3 py-2 text-data"
    >
      <Icon name="warning" className="mt-0.5 shrink-0 text-warn" />
      <div className="flex min-w-0 flex-col gap-1">
        <p className="font-medium">{t.studio.refusedInstruction}</p>
        <RejectedClauseList toldBack={toldBack} value={value} onChange={onChange} />
      </div>
    </div>
  );
}
