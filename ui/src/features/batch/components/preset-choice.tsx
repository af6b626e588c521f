/** Export presets for pictures that pass review: presets of the chosen shop first, the others collapsed. */
import { useConfig } from "@/shared/hooks/use-config";
import { useNames } from "@/shared/hooks/use-names";
import { Checkbox } from "@/shared/ui/checkbox";
import { useBatchTranslation } from "../translation";

type PresetChoiceProps = {
  platform: string | null;
  chosen: readonly string[];
  onChange: (presets: string[]) => void;
};

const GENERAL = "web";

export function PresetChoice({ platform, chosen, onChange }: PresetChoiceProps) {
  const { t, say } = useBatchTranslation();
  const config = useConfig();
  const names = useNames();
  const near = new Set([platform ?? GENERAL, GENERAL]);
  const presets = config?.export_presets ?? [];
  const isNear = (preset: (typeof presets)[number]) =>
    near.has(preset.platform) || chosen.includes(preset.id);
  const box = ({ id, name }: (typeof presets)[number]) => (
    <Checkbox
      key={id}
      checked={chosen.includes(id)}
      onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((other) => other !== id))}
      className="min-h-8 text-body"
    >
      <span className="min-w-0">{say(name)}</span>
    </Checkbox>
  );
  const others = [...new Set(presets.filter((preset) => !isNear(preset)).map((preset) => preset.platform))];
  return (
    <fieldset className="flex flex-col">
      <legend className="pb-1 text-body font-semibold">{t.batch.files}</legend>
      <p className="pb-1 text-data text-ink-2">{t.batch.filesHint}</p>
      {presets.filter(isNear).map(box)}
      {others.length > 0 && (
        <details>
          <summary className="cursor-pointer rounded-tag py-1.5 text-data font-medium text-accent pointer-coarse:py-3">
            {t.batch.otherShops}
          </summary>
          {others.map((id) => (
            <div key={id} className="pt-1 pb-2">
              <p className="text-caption text-ink-2">{names.platform(id) ?? t.batch.generalFiles}</p>
              {presets.filter((preset) => preset.platform === id && !isNear(preset)).map(box)}
            </div>
          ))}
        </details>
      )}
    </fieldset>
  );
}
