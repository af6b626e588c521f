/** Read-only recipe, as one line and as a list. */
import type { Schemas } from "@/api/client";
import { dollars } from "@/shared/format";
import { useNames } from "@/shared/hooks/use-names";
import { useBatchTranslation } from "../translation";

type Recipe = Pick<
  Schemas["Recipe"],
  "operation" | "template" | "prompt" | "platform" | "candidates" | "provider" | "presets" | "approve_from"
>;

/** Returns a function that describes a recipe in one line: backdrop name or prompt, then the shop. */
export function useRecipeLine(): (recipe: Recipe) => string {
  const { t } = useBatchTranslation();
  const names = useNames();
  return ({ operation, template, prompt, platform }) => {
    const backdrop = operation === "bg_replace" ? [names.template(template), prompt].find(Boolean) : null;
    const shop = names.platform(platform);
    return [backdrop ?? t.batch.operations[operation], ...(shop ? [shop] : [])].join(t.common.dot);
  };
}

export function RecipeFacts({ recipe, budget }: { recipe: Recipe; budget: number | null }) {
  const { t } = useBatchTranslation();
  const names = useNames();
  const template = names.template(recipe.template);
  const platform = names.platform(recipe.platform);
  const facts = [
    { name: t.batch.operation, value: t.batch.operations[recipe.operation] },
    ...(template ? [{ name: t.batch.background, value: template }] : []),
    ...(recipe.prompt ? [{ name: t.batch.wishLabel, value: recipe.prompt }] : []),
    ...(platform ? [{ name: t.studio.platform, value: platform }] : []),
    {
      name: t.batch.files,
      value: recipe.presets.length ? recipe.presets.map(names.preset).join(t.studio.joiner) : t.batch.noFiles,
    },
    { name: t.studio.candidates, value: t.batch.perPhoto(recipe.candidates) },
    { name: t.batch.rule, value: t.batch.ruleFrom(Math.round(recipe.approve_from * 100)) },
    ...(budget === null ? [] : [{ name: t.batch.budget, value: dollars(budget) }]),
    {
      name: t.settings.models,
      value: recipe.provider ? names.provider(recipe.provider) : t.studio.modelAuto,
    },
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
