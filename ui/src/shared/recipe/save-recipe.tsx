/** Button that asks for a name and saves settings as a recipe for other photos. */
import { newRecipeBounds } from "@/api/bounds.gen";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap, type Schemas } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import type { IconName } from "@/shared/ui/icon";
import { TextDialog } from "@/shared/ui/layers/text-dialog";
import { useToast } from "@/shared/ui/layers/toast";

type SaveRecipeProps = {
  /** The server takes fields that are missing here from the picture `variant_id`. */
  settings: Partial<Schemas["NewRecipe"]>;
  size?: "small" | "normal";
  icon?: IconName;
  onSaved?: (recipe: Schemas["Recipe"]) => void;
};

export function SaveRecipe({ settings, size = "normal", icon, onSaved }: SaveRecipeProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [naming, setNaming] = useState(false);
  const save = useMutation({
    mutationFn: (name: string) =>
      unwrap(api.POST("/recipe", { body: { ...settings, name } as Schemas["NewRecipe"] })),
    onSuccess: (recipe, name) => {
      toast(t.recipe.saved(name));
      onSaved?.(recipe);
      return client.invalidateQueries({ queryKey: ["recipes"] });
    },
  });
  return (
    <>
      <Button size={size} icon={icon} disabled={save.isPending} onClick={() => setNaming(true)}>
        {t.recipe.save}
      </Button>
      {naming && (
        <TextDialog
          title={t.recipe.save}
          label={t.recipe.name}
          value=""
          maxLength={newRecipeBounds.name.maxLength}
          onSave={(name) => save.mutateAsync(name)}
          onClose={() => setNaming(false)}
        />
      )}
    </>
  );
}
