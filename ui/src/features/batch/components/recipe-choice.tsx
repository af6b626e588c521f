/** Recipe of a batch: a saved or built-in one, or choices made in the form, which can be saved as a recipe. */
import { useQuery } from "@tanstack/react-query";
import { SaveRecipe } from "@/shared/recipe/save-recipe";
import { CallProblem } from "@/shared/ui/call-problem";
import { Select } from "@/shared/ui/select";
import { recipeOf, type Draft } from "../draft";
import { recipesQuery } from "../queries";
import { useBatchTranslation } from "../translation";
import { RecipeFacts } from "./recipe-facts";
import { RecipeForm } from "./recipe-form";

type RecipeChoiceProps = { draft: Draft; onChange: (part: Partial<Draft>) => void };

export function RecipeChoice({ draft, onChange }: RecipeChoiceProps) {
  const { t } = useBatchTranslation();
  const recipes = useQuery(recipesQuery);
  const { recipeId, choices } = draft;
  const chosen = recipes.data?.find(({ id }) => id === recipeId);
  const group = (label: string, builtIn: boolean) => {
    const some = recipes.data?.filter((recipe) => recipe.built_in === builtIn) ?? [];
    if (some.length === 0) return null;
    return (
      <optgroup label={label}>
        {some.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </optgroup>
    );
  };
  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-lead font-semibold">{t.batch.recipe}</h2>
      <Select
        label={t.batch.recipe}
        className="w-full"
        value={chosen ? chosen.id : ""}
        options={[{ value: "", label: t.batch.onTheSpot }]}
        onChange={(id) => onChange({ recipeId: id || null })}
      >
        {group(t.batch.ownRecipes, false)}
        {group(t.batch.builtIn, true)}
      </Select>
      <CallProblem error={recipes.error} />
      {chosen ? (
        <RecipeFacts recipe={chosen} budget={null} />
      ) : (
        <>
          <RecipeForm
            choices={choices}
            onChange={(part) => onChange({ recipeId: null, choices: { ...choices, ...part } })}
          />
          <div className="flex flex-wrap items-center gap-3">
            <SaveRecipe
              size="small"
              icon="add"
              settings={recipeOf(choices)}
              onSaved={({ id }) => onChange({ recipeId: id })}
            />
          </div>
        </>
      )}
    </section>
  );
}
