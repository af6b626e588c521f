/** Query hooks for the scenes and example phrases of the catalogue. */
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { useTranslation } from "@/shared/i18n/translation";

/** Templates that name a background, in catalogue order. */
export function useScenes(): Schemas["TemplateAnswer"][] {
  const { data: config } = useQuery(configQuery);
  return (config?.templates ?? []).filter(
    ({ operation, wish }) => operation === "bg_replace" && wish !== null,
  );
}

/** Phrases for an operation, in the language of the page. */
export function usePhrases(operation: Schemas["Operation"]): string[] {
  const { say } = useTranslation();
  const { data: config } = useQuery(configQuery);
  return (config?.prompt_chips ?? [])
    .filter(({ operations }) => operations.includes(operation))
    .map(({ text }) => say(text));
}
