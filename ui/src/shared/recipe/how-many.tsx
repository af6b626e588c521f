/** Choice of the number of candidates. */
import { candidateCounts } from "@/shared/hooks/use-defaults";
import { useTranslation } from "@/shared/i18n/translation";
import { Segment } from "@/shared/ui/segment";

type HowManyProps = { value: number; onChange: (candidates: number) => void; size?: "small" | "normal" };

export function HowMany({ value, onChange, size = "small" }: HowManyProps) {
  const { t } = useTranslation();
  const choices = candidateCounts.map((n) => ({ value: n, label: String(n) }));
  return <Segment size={size} label={t.studio.howMany} choices={choices} value={value} onChange={onChange} />;
}
