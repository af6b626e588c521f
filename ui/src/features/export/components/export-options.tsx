/** Metadata and labels written into the files. */
import type { Variant } from "@/api/client";
import { useExportTranslation } from "../translation";
import { Checkbox } from "@/shared/ui/checkbox";
import { Icon } from "@/shared/ui/icon";
import { Segment } from "@/shared/ui/segment";
import type { LabelLanguage } from "../queries";

type ExportOptionsProps = {
  variant: Variant;
  label: LabelLanguage | null;
  onLabel: (label: LabelLanguage | null) => void;
  className?: string;
};

export function ExportOptions({ variant, label, onLabel, className = "" }: ExportOptionsProps) {
  const { t, locale } = useExportTranslation();
  return (
    <div className={`flex flex-col gap-x-6 gap-y-1.5 ${className}`}>
      <p className="flex items-baseline gap-2.5 text-body">
        <Icon name="lock" size={14} className="w-[18px] self-center text-ink-3" />
        <span>
          {t.export.provenance}{" "}
          <span className="text-data text-ink-2">{t.export.sources[variant.digital_source]}</span>
        </span>
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Checkbox checked={label !== null} onChange={(on) => onLabel(on ? locale : null)}>
          <span>
            {t.export.label} <span className="text-data text-ink-2">{t.export.labelWarning}</span>
          </span>
        </Checkbox>
        {label && (
          <Segment
            size="small"
            label={t.export.labelLanguage}
            choices={[
              { value: "zh", label: "AI 生成" },
              { value: "en", label: "AI generated" },
            ]}
            value={label}
            onChange={onLabel}
          />
        )}
      </div>
    </div>
  );
}
