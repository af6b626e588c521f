/** Batch draft. Recipe, table and budget are kept in localStorage, photos in the outbox. */
import { useState } from "react";
import { approveFrom } from "@/api/bounds.gen";
import type { Schemas } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { freshKey } from "@/shared/fresh-key";
import { useCandidates, usePlatform } from "@/shared/hooks/use-defaults";
import { useStored } from "@/shared/hooks/use-stored";
import { nameOf, type UploadRow } from "@/shared/photos/upload-row";
import { tickedAtFirst } from "@/shared/recipe/presets";
import type { Row } from "./table";

export type Choices = {
  operation: "optimize" | "bg_replace";
  template: string | null;
  prompt: string;
  candidates: number;
  /** Null lets the server choose. */
  provider: string | null;
  platform: string | null;
  presets: string[];
  approve_from: number;
};

export type Draft = {
  name: string;
  /** Saved recipe; null for the choices made in the form. */
  recipeId: string | null;
  choices: Choices;
  /** Upper limit of the total cost, in USD. */
  budget: number | null;
  rows: Row[];
  /** Idempotency key. It changes only with the draft, so that sending the same draft twice creates one batch. */
  key: string;
};

const isDraft = (value: unknown): value is Draft | null =>
  value === null || (typeof value === "object" && "choices" in value && "rows" in value);

export function useDraft(): { draft: Draft; change: (part: Partial<Draft>) => void; clear: () => void } {
  const [candidates] = useCandidates(1);
  const [platform] = usePlatform();
  const config = useConfig();
  const [firstKey] = useState(freshKey);
  const [stored, store] = useStored<Draft | null>("batch-draft", null, isDraft);
  const draft: Draft = stored ?? {
    name: "",
    recipeId: null,
    choices: {
      operation: "optimize",
      template: null,
      prompt: "",
      provider: null,
      presets: config ? tickedAtFirst(config, platform) : [],
      approve_from: approveFrom,
      ...{ candidates, platform },
    },
    budget: null,
    rows: [],
    key: firstKey,
  };
  return {
    draft,
    // The stored value may be newer than this render, as after an answer of the server.
    change: (part) => store((now) => ({ ...(now ?? draft), key: freshKey(), ...part })),
    // Keep the recipe and the budget: the next batch is often made the same way.
    clear: () => store({ ...draft, name: "", rows: [], key: freshKey() }),
  };
}

/** Converts the choices to the server's recipe format. */
export const recipeOf = ({ template, prompt, operation, ...choices }: Choices) => ({
  ...choices,
  operation,
  template: operation === "bg_replace" ? template : null,
  prompt: prompt.trim() || null,
});

const noRow = { sku: "", title: "", prompt: "" };

type BatchBody = Omit<Schemas["BatchRequest"], "dry_run">;

/** Returns the request body for a batch. Photos that are not uploaded yet count only in an estimate. */
export function bodyOf(
  draft: Draft,
  photos: readonly UploadRow[],
  rows: ReadonlyMap<string, Row>,
  name: string,
): BatchBody {
  const { recipeId, choices, budget } = draft;
  return {
    name,
    ...(recipeId === null ? { recipe: { name: "", ...recipeOf(choices) } } : { recipe_id: recipeId }),
    budget_usd: budget,
    items: photos.flatMap(({ id, name: file, task: { image, sessionId } }) => {
      const { sku, title, prompt } = rows.get(id) ?? noRow;
      if (!image) return [];
      return [
        {
          image_id: image.id,
          session_id: sessionId,
          sku: sku || null,
          title: title || nameOf({ name: file }),
          prompt: prompt || null,
        },
      ];
    }),
  };
}
