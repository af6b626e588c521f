/** Translated names of shops, templates, presets, providers, reasons and stages. */
import type { Schemas } from "@/api/client";
import { useConfig } from "./use-config";
import { useTranslation } from "@/shared/i18n/translation";
import { providerName } from "@/shared/providers";

type Named = { id: string; name: Schemas["Words"] };

const known = (
  stage: string,
  stages: object,
): stage is "prepare" | "matte" | "compose" | "register" | "measure" | "store" =>
  stage in stages && stage !== "provider";

export function useNames() {
  const { t, say } = useTranslation();
  const config = useConfig();
  const nameIn = (list: readonly Named[] | undefined, id: string | null | undefined) => {
    const found = list?.find((one) => one.id === id);
    return found && say(found.name);
  };
  return {
    platform: (id: string | null | undefined) => nameIn(config?.platforms, id),
    template: (id: string | null | undefined) => nameIn(config?.templates, id),
    preset: (id: string) => nameIn(config?.export_presets, id) ?? id,
    provider: (id: string) => {
      if (id === "local") return t.studio.thisMachine;
      return id === "reader" ? t.settings.reader : providerName(id, config, say);
    },
    reason: (reason: string) => t.studio.reasons[reason] ?? t.studio.reasonOther,
    stage: (stage: string | null, model: string) => {
      if (stage === "provider") return t.studio.stages.provider(model);
      return stage !== null && known(stage, t.studio.stages) ? t.studio.stages[stage] : t.studio.stages.other;
    },
  };
}
