/** Translated names of shops, templates, presets, providers, reasons and stages. */
import type { Schemas } from "@/api/client";
import { lastProvider, type Feed } from "@/api/feed";
import { useConfig } from "./use-config";
import { useTranslation } from "@/shared/i18n/translation";

type Named = { id: string; name: Schemas["Words"] };

export function useNames() {
  const { t, say } = useTranslation();
  const config = useConfig();
  const nameIn = (list: readonly Named[] | undefined, id: string | null | undefined) => {
    const found = list?.find((one) => one.id === id);
    return found && say(found.name);
  };
  const provider = (id: string) => {
    if (id === "local") return t.studio.thisMachine;
    return id === "reader" ? t.settings.reader : (nameIn(config?.providers, id) ?? id);
  };
  return {
    platform: (id: string | null | undefined) => nameIn(config?.platforms, id),
    template: (id: string | null | undefined) => nameIn(config?.templates, id),
    preset: (id: string) => nameIn(config?.export_presets, id) ?? id,
    provider,
    reason: (reason: string) => t.studio.reasons[reason] ?? t.studio.reasonOther,
    /** Name of the stage of a job. */
    stage: (feed: Feed) =>
      feed.stage === "provider"
        ? t.studio.waitingFor(provider(lastProvider(feed)))
        : (t.studio.stages[feed.stage ?? ""] ?? t.studio.stageOther),
  };
}
