/** Button that asks for a name and saves settings as a recipe for other photos. */
import { newRecipeBounds } from "@/api/bounds.gen";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap, type Schemas } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { CallProblem, useProblemText } from "@/shared/ui/call-problem";
import type { IconName } from "@/shared/ui/icon";
import { TextDialog } from "@/shared/ui/layers/text-dialog";
import { useToast } from "@/shared/ui/layers/toast";

type SaveRecipeProps = {
  /** The server takes fields that are missing here from the picture `variant_id`. */
  settings: Partial<Schemas["NewRecipe"]>;
  size?: "small" | "normal";
  icon?: IconName;
  /** Whether an error is shown beside the button instead of in a toast. */
  errorBeside?: boolean;
  onSaved?: (recipe: Schemas["Recipe"]) => void;
};

export function SaveRecipe({ settings, size = "normal", icon, errorBeside, onSaved }: SaveRecipeProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const problemText = useProblemText();
  const [naming, setNaming] = useState(false);
  const save = useMutation({
    mutationFn: (name: string) =>
      unwrap(api.POST("/recipe", { body: { ...settings, name } as Schemas["NewRecipe"] })),
    onSuccess: (_recipe, name) => {
      toast(t.recipe.saved(name));
      return client.invalidateQueries({ queryKey: ["recipes"] });
    },
    onError: (error) => {
      if (!errorBeside) toast(problemText(error));
    },
  });
  return (
    <>
      <Button size={size} icon={icon} disabled={save.isPending} onClick={() => setNaming(true)}>
        {t.recipe.save}
      </Button>
      {errorBeside && <CallProblem error={save.error} />}
      {naming && (
        <TextDialog
          title={t.recipe.save}
          label={t.recipe.name}
          value=""
          maxLength={newRecipeBounds.name.maxLength}
          onSave={(name) => save.mutate(name, { onSuccess: (recipe) => onSaved?.(recipe) })}
          onClose={() => setNaming(false)}
        />
      )}
    </>
  );
}
