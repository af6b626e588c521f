/** Query hooks for the scenes and example phrases of the catalogue. */
import type { Schemas } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { useTranslation } from "@/shared/i18n/translation";

/** Templates that name a background, in catalogue order. */
export function useScenes(): Schemas["TemplateAnswer"][] {
  const config = useConfig();
  return (config?.templates ?? []).filter(
    ({ operation, wish }) => operation === "bg_replace" && wish !== null,
  );
}

/** Phrases for an operation, in the language of the page. */
export function usePhrases(operation: Schemas["Operation"]): string[] {
  const { say } = useTranslation();
  const config = useConfig();
  return (config?.prompt_chips ?? [])
    .filter(({ operations }) => operations.includes(operation))
    .map(({ text }) => say(text));
}
