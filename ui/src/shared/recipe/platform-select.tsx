/** Choice of the shop that a picture is made for. */
import { useConfig } from "@/shared/hooks/use-config";
import { useTranslation } from "@/shared/i18n/translation";
import { Select } from "@/shared/ui/select";

type PlatformSelectProps = {
  value: string | null;
  onChange: (platform: string | null) => void;
  showLabel?: boolean;
  className?: string;
};

export function PlatformSelect({ value, onChange, ...look }: PlatformSelectProps) {
  const { t, say } = useTranslation();
  const config = useConfig();
  return (
    <Select
      {...look}
      label={t.studio.platform}
      value={value ?? ""}
      options={[
        { value: "", label: t.studio.noPlatform },
        ...(config?.platforms ?? []).map(({ id, name }) => ({ value: id, label: say(name) })),
      ]}
      onChange={(platform) => onChange(platform || null)}
    />
  );
}
