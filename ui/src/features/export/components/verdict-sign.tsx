/** Verdict icon with a distinct shape and a text for screen readers. */
import { useExportTranslation } from "../translation";
import { Icon, type IconName } from "@/shared/ui/icon";
import type { Verdict } from "../checks";

const signs: Record<Verdict, { icon: IconName; tone: string }> = {
  pass: { icon: "adopt", tone: "text-ink-3" },
  warn: { icon: "warning", tone: "text-warn" },
  fail: { icon: "stop", tone: "text-fail" },
  manual: { icon: "eye", tone: "text-ink-3" },
};

export function VerdictSign({ verdict }: { verdict: Verdict }) {
  const { t } = useExportTranslation();
  const { icon, tone } = signs[verdict];
  return (
    <span className={`inline-flex shrink-0 ${tone}`} title={t.export.verdicts[verdict]}>
      <Icon name={icon} size={14} />
      <span className="sr-only">{t.export.verdicts[verdict]}</span>
    </span>
  );
}
