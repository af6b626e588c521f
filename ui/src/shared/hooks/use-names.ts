/** Translated names of providers, reasons and stages. */
import { useConfig } from "./use-config";
import { useTranslation } from "@/shared/i18n/translation";
import { providerName } from "@/shared/providers";

const known = (
  stage: string,
  stages: object,
): stage is "prepare" | "matte" | "compose" | "register" | "measure" | "store" =>
  stage in stages && stage !== "provider";

export function useNames() {
  const { t, say } = useTranslation();
  const config = useConfig();
  return {
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
