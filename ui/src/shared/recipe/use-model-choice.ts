/** Model choice: one by name, or automatic. */
import { isTextOrNull, useStored } from "@/shared/hooks/use-stored";
import { routesFor, highestCost } from "@/shared/providers";
import type { Schemas } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { dollars } from "@/shared/format";
import { useTranslation } from "@/shared/i18n/translation";

export type ModelChoice = {
  /** Null means automatic. */
  chosen: string | null;
  choose: (provider: string | null) => void;
  routesOf: (operation: Schemas["Operation"]) => Schemas["Route"][];
};

/** Stored per browser. A model that is unavailable counts as automatic. */
export function useModelChoice(): ModelChoice {
  const config = useConfig();
  const [stored, choose] = useStored<string | null>("provider", null, isTextOrNull);
  const ready = config?.providers.some(({ id, state }) => id === stored && state === "ready") ?? false;
  const chosen = ready ? stored : null;
  return {
    chosen,
    choose,
    routesOf: (operation) => (config ? routesFor(config, operation, chosen) : []),
  };
}

/** Formatted highest cost of a run, before it starts. */
export function usePrice(): (routes: readonly Schemas["Route"][], candidates: number) => string {
  const { t } = useTranslation();
  return (routes, candidates) => {
    const cost = highestCost(routes, candidates);
    if (cost === null) return t.studio.costUnknown;
    return cost === 0 ? t.studio.free : t.studio.atMost(dollars(cost));
  };
}
