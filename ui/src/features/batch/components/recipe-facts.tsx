/** The recipe of a batch that runs, to be read. */
import { useQuery } from "@tanstack/react-query";
import { configQuery } from "@/api/queries";
import { dollars } from "@/shared/format";
import { useNames } from "@/shared/hooks/use-names";
import { useSpeech } from "@/shared/i18n/words";
import type { Recipe } from "../list";

/** The backdrop by its name, the words, the platform: in one line for the head. */
export function useRecipeLine(): (recipe: Recipe) => string {
  const { t, say } = useSpeech();
  const { data: config } = useQuery(configQuery);
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

export function RecipeFacts({ recipe }: { recipe: Recipe }) {
  const { t, say } = useSpeech();
  const names = useNames();
  const { data: config } = useQuery(configQuery);
  const template = config?.templates.find(({ id }) => id === recipe.template);
  const platform = config?.platforms.find(({ id }) => id === recipe.platform);
  const isBackground = recipe.operation === "bg_replace";
  const facts = [
    { name: t.batch.operation, value: t.batch.operations[recipe.operation] },
    ...(isBackground && template ? [{ name: t.batch.background, value: say(template.name) }] : []),
    ...(recipe.prompt ? [{ name: t.batch.wishLabel, value: recipe.prompt }] : []),
    ...(platform ? [{ name: t.batch.framing, value: say(platform.name) }] : []),
    { name: t.batch.candidates, value: t.batch.perPhoto(recipe.candidates) },
    ...(recipe.budget === null ? [] : [{ name: t.batch.budget, value: dollars(recipe.budget) }]),
    {
      name: t.batch.models,
      value: recipe.provider === null ? t.studio.modelAuto : names.provider(recipe.provider),
    },
  ];
  return (
    <section className="border-t border-line px-5 py-4 max-sm:px-4">
      <h2 className="pb-2 text-body font-semibold">{t.batch.recipeOf}</h2>
      <dl className="grid grid-cols-[minmax(64px,auto)_1fr] gap-x-4 gap-y-1.5 text-data">
        {facts.map(({ name, value }) => (
          <div key={name} className="contents">
            <dt className="text-ink-2">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
