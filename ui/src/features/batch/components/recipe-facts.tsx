/** Read-only recipe, as one line and as a list. */
import type { Schemas } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { dollars } from "@/shared/format";
import { useNames } from "@/shared/hooks/use-names";
import { useBatchSpeech } from "../translation";

type Recipe = Pick<
  Schemas["Recipe"],
  "operation" | "template" | "prompt" | "platform" | "candidates" | "provider" | "presets" | "approve_from"
>;

/** Returns a function that describes a recipe in one line: backdrop name or prompt, then the shop. */
export function useRecipeLine(): (recipe: Recipe) => string {
  const { t, say } = useBatchSpeech();
  const config = useConfig();
  return ({ operation, template, prompt, platform }) => {
    const backdrop = config?.templates.find(({ id }) => id === template)?.name;
    const shop = config?.platforms.find(({ id }) => id === platform)?.name;
    const done =
      operation === "bg_replace" && backdrop
        ? say(backdrop)
        : operation === "bg_replace" && prompt
          ? prompt
          : t.batch.operations[operation];
    return [done, ...(shop ? [say(shop)] : [])].join(t.common.dot);
  };
}

export function RecipeFacts({ recipe, budget }: { recipe: Recipe; budget: number | null }) {
  const { t, say } = useBatchSpeech();
  const names = useNames();
  const config = useConfig();
  const template = config?.templates.find(({ id }) => id === recipe.template);
  const platform = config?.platforms.find(({ id }) => id === recipe.platform);
  const presetName = (preset: string) => {
    const known = config?.export_presets.find(({ id }) => id === preset);
    return known ? say(known.name) : preset;
  };
  const facts = [
    { name: t.batch.operation, value: t.batch.operations[recipe.operation] },
    ...(template ? [{ name: t.batch.background, value: say(template.name) }] : []),
    ...(recipe.prompt ? [{ name: t.batch.wishLabel, value: recipe.prompt }] : []),
    ...(platform ? [{ name: t.batch.framing, value: say(platform.name) }] : []),
    {
      name: t.batch.files,
      value: recipe.presets.length ? recipe.presets.map(presetName).join(t.studio.joiner) : t.batch.noFiles,
    },
    { name: t.batch.candidates, value: t.batch.perPhoto(recipe.candidates) },
    { name: t.batch.rule, value: t.batch.ruleFrom(Math.round(recipe.approve_from * 100)) },
    ...(budget === null ? [] : [{ name: t.batch.budget, value: dollars(budget) }]),
    { name: t.batch.models, value: recipe.provider ? names.provider(recipe.provider) : t.studio.modelAuto },
  ];
  return (
    <dl className="grid grid-cols-[minmax(64px,auto)_1fr] gap-x-4 gap-y-1.5 text-data">
      {facts.map(({ name, value }) => (
        <div key={name} className="contents">
          <dt className="text-ink-2">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
