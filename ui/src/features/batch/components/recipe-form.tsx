/** Recipe choices made in the form instead of a saved recipe. */
import { useRef } from "react";
import { useConfig, usePromptLimit } from "@/shared/hooks/use-config";
import { routesFor } from "@/shared/providers";
import { HowMany } from "@/shared/recipe/how-many";
import { ModelPicker } from "@/shared/recipe/model-picker";
import { PlatformSelect } from "@/shared/recipe/platform-select";
import { GENERAL, tickedAtFirst } from "@/shared/recipe/presets";
import { PromptField } from "@/shared/recipe/prompt-field";
import { TemplateGrid } from "@/shared/recipe/template-grid";
import { usePhrases } from "@/shared/recipe/use-offers";
import { Segment } from "@/shared/ui/segment";
import { Select } from "@/shared/ui/select";
import type { Choices } from "../draft";
import { useBatchTranslation } from "../translation";
import { useNames } from "@/shared/hooks/use-names";
import { Checkbox } from "@/shared/ui/checkbox";

type RecipeFormProps = { choices: Choices; onChange: (part: Partial<Choices>) => void };

/** Review thresholds in percent of quality and confidence; 0 lets every picture pass. */
const RULES = [95, 90, 85, 80, 70, 0];

export function RecipeForm({ choices, onChange }: RecipeFormProps) {
  const { t } = useBatchTranslation();
  const config = useConfig();
  const field = useRef<HTMLTextAreaElement>(null);
  const { operation, platform } = choices;
  const phrases = usePhrases(operation);
  const isAsProposed = config && choices.presets.join() === tickedAtFirst(config, platform).join();
  const rule = Math.round(choices.approve_from * 100);
  return (
    <div className="flex flex-col gap-4">
      <div>
        <Segment
          label={t.batch.operation}
          choices={(["optimize", "bg_replace"] as const).map((value) => ({
            value,
            label: t.batch.operations[value],
          }))}
          value={operation}
          onChange={(value) => onChange({ operation: value })}
        />
      </div>
      {operation === "optimize" ? (
        <p className="text-data text-ink-2">{t.batch.optimiseLine}</p>
      ) : (
        <TemplateGrid selected={choices.template} onSelect={(template) => onChange({ template })} />
      )}
      <PromptField
        label={operation === "optimize" ? t.batch.wishLabel : t.studio.promptLabel}
        placeholder={operation === "optimize" ? t.batch.wishPlaceholder : t.studio.promptPlaceholder}
        value={choices.prompt}
        limit={usePromptLimit()}
        phrases={phrases}
        hint={t.studio.promptHint}
        error={null}
        ref={field}
        onChange={(prompt) => onChange({ prompt })}
        onSubmit={() => field.current?.blur()}
      />
      <PlatformSelect
        showLabel
        className="w-full"
        value={platform}
        onChange={(next) => {
          const presets = config && isAsProposed ? tickedAtFirst(config, next) : choices.presets;
          onChange({ platform: next, presets });
        }}
      />
      <PresetChoice
        platform={platform}
        chosen={choices.presets}
        onChange={(presets) => onChange({ presets })}
      />
      <div className="flex items-center justify-between gap-3">
        <span className="text-body text-ink-2">{t.studio.howMany}</span>
        <HowMany value={choices.candidates} onChange={(candidates) => onChange({ candidates })} />
      </div>
      <div>
        <Select
          showLabel
          label={t.batch.rule}
          className="w-full"
          value={String(rule)}
          options={[...new Set([...RULES, rule])].map((percent) => ({
            value: String(percent),
            label: percent === 0 ? t.batch.ruleNone : t.batch.ruleFrom(percent),
          }))}
          onChange={(percent) => onChange({ approve_from: Number(percent) / 100 })}
        />
        <p className="pt-1 text-data text-ink-2">{t.batch.ruleHint}</p>
      </div>
      <ModelPicker
        operation={operation}
        choice={{
          chosen: choices.provider,
          choose: (provider) => onChange({ provider }),
          routesOf: (asked) => (config ? routesFor(config, asked, choices.provider) : []),
        }}
      />
    </div>
  );
}

type PresetChoiceProps = {
  platform: string | null;
  chosen: readonly string[];
  onChange: (presets: string[]) => void;
};

/** Export presets for pictures that pass review: presets of the chosen shop first, the others collapsed. */
function PresetChoice({ platform, chosen, onChange }: PresetChoiceProps) {
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
