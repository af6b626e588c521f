/** Saves the settings of a picture as a recipe for other photos. */
import { newRecipeBounds } from "@/api/bounds.gen";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap, type Schemas } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { useProblemText } from "@/shared/ui/call-problem";
import { TextDialog } from "@/shared/ui/layers/text-dialog";
import { useToast } from "@/shared/ui/layers/toast";

export function SaveRecipe({ variantId, size = "normal" }: { variantId: string; size?: "small" | "normal" }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const problemText = useProblemText();
  const [naming, setNaming] = useState(false);
  const save = useMutation({
    mutationFn: (name: string) =>
      // The server takes the missing fields from the picture.
      unwrap(api.POST("/recipe", { body: { name, variant_id: variantId } as Schemas["NewRecipe"] })),
    onSuccess: (_recipe, name) => {
      toast(t.recipe.saved(name));
      return client.invalidateQueries({ queryKey: ["recipes"] });
    },
    onError: (error) => toast(problemText(error)),
  });
  return (
    <>
      <Button size={size} disabled={save.isPending} onClick={() => setNaming(true)}>
        {t.recipe.save}
      </Button>
      {naming && (
        <TextDialog
          title={t.recipe.save}
          label={t.recipe.name}
          value=""
          maxLength={newRecipeBounds.name.maxLength}
          onSave={(name) => save.mutate(name)}
          onClose={() => setNaming(false)}
        />
      )}
    </>
  );
}
