/** Query hooks for the scenes and example phrases of the catalogue. */
import type { Schemas } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { useTranslation } from "@/shared/i18n/translation";

type Template = Schemas["TemplateAnswer"];
/** Template that names a background. */
export type Scene = Template & { wish: Schemas["Words"] };

const isScene = (template: Template): template is Scene =>
  template.operation === "bg_replace" && template.wish !== null;

/** In catalogue order. */
export const useScenes = (): Scene[] => (useConfig()?.templates ?? []).filter(isScene);

/** Phrases for an operation, in the language of the page. */
export function usePhrases(operation: Schemas["Operation"]): string[] {
  const { say } = useTranslation();
  const config = useConfig();
  return (config?.prompt_chips ?? [])
    .filter(({ operations }) => operations.includes(operation))
    .map(({ text }) => say(text));
}
