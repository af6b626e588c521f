/** Formatted highest cost of a run, before it starts. */
import type { Schemas } from "@/api/client";
import { dollars } from "@/shared/format";
import { useTranslation } from "@/shared/i18n/translation";
import { highestCost } from "@/shared/providers";

export function usePrice(): (routes: readonly Schemas["Route"][], candidates: number) => string {
  const { t } = useTranslation();
  return (routes, candidates) => {
    const cost = highestCost(routes, candidates);
    if (cost === null) return t.studio.costUnknown;
    return cost === 0 ? t.studio.free : t.studio.atMost(dollars(cost));
  };
}
