/** What is to be done to every photo, chosen once. */
import { useQuery } from "@tanstack/react-query";
import { useId, useRef } from "react";
import { configQuery } from "@/api/queries";
import { candidateCounts } from "@/shared/hooks/use-defaults";
import { useSpeech } from "@/shared/i18n/words";
import { routesFor } from "@/shared/providers";
import { ModelPicker } from "@/shared/recipe/model-picker";
import { PromptField } from "@/shared/recipe/prompt-field";
import { TemplateGrid } from "@/shared/recipe/template-grid";
import { usePrice } from "@/shared/recipe/use-price";
import { usePromptLimit } from "@/shared/recipe/use-prompt-limit";
import { Button } from "@/shared/ui/button";
import { Segment } from "@/shared/ui/segment";
import { Select } from "@/shared/ui/select";
import type { Recipe } from "../list";

type RecipeFormProps = {
  recipe: Recipe;
  photos: number;
  onChange: (part: Partial<Recipe>) => void;
  onStart: () => void;
};

export function RecipeForm({ recipe, photos, onChange, onStart }: RecipeFormProps) {
  const { t, say } = useSpeech();
  const { data: config } = useQuery(configQuery);
  const priceOf = usePrice();
  const field = useRef<HTMLTextAreaElement>(null);
  const { operation } = recipe;
  const limit = usePromptLimit();
  const isSaid = operation === "optimize" || recipe.template !== null || recipe.prompt.trim() !== "";
  const ready = new Set(config?.providers.filter(({ state }) => state === "ready").map(({ id }) => id));
  const chosen = recipe.provider !== null && ready.has(recipe.provider) ? recipe.provider : null;
  const routes = config ? routesFor(config, operation, chosen) : [];
  const templates = (config?.templates ?? []).filter(
    (template) => template.operation === "bg_replace" && template.wish !== null,
  );
  const phrases = (config?.prompt_chips ?? [])
    .filter(({ operations }) => operations.includes(operation))
    .map(({ text }) => say(text));
  const start = () => {
    if (!isSaid) field.current?.focus();
    else if (photos > 0 && recipe.prompt.length <= limit) onStart();
  };
  return (
    <>
      <div className="scroll-quiet flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-5 py-[18px] max-md:overflow-visible max-sm:px-4">
        <h2 className="text-lead font-semibold">{t.batch.recipe}</h2>
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
          <TemplateGrid
            templates={templates}
            selected={recipe.template}
            onSelect={(template) => onChange({ template })}
          />
        )}
        <PromptField
          label={operation === "optimize" ? t.batch.wishLabel : t.studio.promptLabel}
          placeholder={operation === "optimize" ? t.batch.wishPlaceholder : t.studio.promptPlaceholder}
          value={recipe.prompt}
          limit={limit}
          phrases={phrases}
          hint={t.studio.promptHint}
          error={null}
          ref={field}
          onChange={(prompt) => onChange({ prompt })}
          onSubmit={start}
        />
      </div>
      <footer className="flex flex-col gap-3 border-t border-line px-5 py-4 max-sm:px-4">
        <Select
          showLabel
          label={t.studio.platform}
          className="w-full"
          value={recipe.platform ?? ""}
          onChange={(event) => onChange({ platform: event.target.value || null })}
        >
          <option value="">{t.batch.asMade}</option>
          {config?.platforms.map(({ id, name }) => (
            <option key={id} value={id}>
              {say(name)}
            </option>
          ))}
        </Select>
        <div className="flex items-center justify-between gap-3">
          <span className="text-body text-ink-2">{t.studio.howMany}</span>
          <Segment
            size="small"
            label={t.studio.howMany}
            choices={candidateCounts.map((n) => ({ value: n, label: String(n) }))}
            value={recipe.candidates}
            onChange={(candidates) => onChange({ candidates })}
          />
        </div>
        <ModelPicker
          operation={operation}
          choice={{
            chosen,
            choose: (provider) => onChange({ provider }),
            routesOf: (asked) => (config ? routesFor(config, asked, chosen) : []),
          }}
        />
        {routes.some(({ provider }) => provider !== "local") && (
          <BudgetField value={recipe.budget} onChange={(budget) => onChange({ budget })} />
        )}
        <Button
          size="action"
          wide
          weight="filled"
          disabled={photos === 0 || recipe.prompt.length > limit}
          onClick={start}
        >
          {photos === 0 ? (
            t.batch.noPhotos
          ) : (
            <>
              <span className="font-semibold">{t.batch.start(photos)}</span>
              <span className="font-normal">{priceOf(routes, recipe.candidates * photos)}</span>
            </>
          )}
        </Button>
        <p className="text-data text-ink-3">
          {routes.some(({ provider }) => provider !== "local") ? t.studio.billing : t.studio.localOnly}
        </p>
      </footer>
    </>
  );
}

type BudgetFieldProps = { value: number | null; onChange: (value: number | null) => void };

function BudgetField({ value, onChange }: BudgetFieldProps) {
  const { t } = useSpeech();
  const id = useId();
  return (
    <div>
      <div className="flex items-center justify-between gap-3">
        <label htmlFor={id} className="text-body text-ink-2">
          {t.batch.budgetLabel}
        </label>
        <input
          id={id}
          type="number"
          min={0}
          step={0.01}
          inputMode="decimal"
          placeholder={t.batch.noBudget}
          aria-describedby={`${id}-hint`}
          value={value ?? ""}
          onChange={({ target }) => onChange(target.value === "" ? null : Math.max(0, target.valueAsNumber))}
          className="h-8 w-28 rounded-control border border-line-strong bg-field px-2 text-right text-body pointer-coarse:h-11"
        />
      </div>
      <p id={`${id}-hint`} className="text-data text-ink-3">
        {t.batch.budgetHint}
      </p>
    </div>
  );
}
