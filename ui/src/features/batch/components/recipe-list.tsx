/** Saved recipes, with rename and delete. */
import { newRecipeBounds } from "@/api/bounds.gen";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CallProblem } from "@/shared/ui/call-problem";
import { FormDialog } from "@/shared/ui/layers/form-dialog";
import { Menu } from "@/shared/ui/layers/menu";
import { TextDialog } from "@/shared/ui/layers/text-dialog";
import { recipesQuery, useRecipeChanges, type Recipe } from "../queries";
import { useBatchTranslation } from "../translation";
import { useRecipeLine } from "./recipe-facts";

export function RecipeList() {
  const { t } = useBatchTranslation();
  const recipes = useQuery(recipesQuery);
  const lineOf = useRecipeLine();
  const { rename, remove } = useRecipeChanges();
  const [renaming, setRenaming] = useState<Recipe | null>(null);
  const [deleting, setDeleting] = useState<Recipe | null>(null);
  const own = recipes.data?.filter(({ built_in: builtIn }) => !builtIn) ?? [];
  return (
    <section className="flex flex-col gap-2" aria-labelledby="own-recipes">
      <h2 id="own-recipes" className="text-lead font-semibold">
        {t.batch.ownRecipes}
      </h2>
      {recipes.data && own.length === 0 && <p className="text-data text-ink-2">{t.batch.noRecipes}</p>}
      <CallProblem error={recipes.error ?? remove.error} />
      {own.length > 0 && (
        <ul className="border-t border-line">
          {own.map((recipe) => (
            <li key={recipe.id} className="flex items-center gap-3 border-b border-line px-2 py-2.5">
              <div className="min-w-0 flex-1">
                <p className="truncate text-body font-medium">{recipe.name}</p>
                <p className="truncate text-data text-ink-2">{lineOf(recipe)}</p>
              </div>
              <Menu
                label={t.batch.recipeActions(recipe.name)}
                items={[
                  { icon: "edit", label: t.common.rename, onPick: () => setRenaming(recipe) },
                  { icon: "remove", label: t.common.remove, onPick: () => setDeleting(recipe), danger: true },
                ]}
              />
            </li>
          ))}
        </ul>
      )}
      {renaming && (
        <TextDialog
          title={t.batch.renameRecipe}
          label={t.common.name}
          value={renaming.name}
          maxLength={newRecipeBounds.name.maxLength}
          onSave={(name) => rename.mutateAsync({ recipe: renaming, name })}
          onClose={() => setRenaming(null)}
        />
      )}
      {deleting && (
        <FormDialog
          title={t.batch.deleteRecipe(deleting.name)}
          action={t.common.remove}
          weight="danger"
          onSubmit={() => {
            remove.mutate(deleting.id);
            setDeleting(null);
          }}
          onClose={() => setDeleting(null)}
        >
          <p className="text-body text-ink-2">{t.batch.deleteRecipeMeans}</p>
        </FormDialog>
      )}
    </section>
  );
}
