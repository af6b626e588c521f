/** Picture to make again with a new cut-out: the one on the stage, otherwise the newest. */
import type { Variant } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { usePrice } from "@/shared/recipe/use-model-choice";
import { routesFor } from "@/shared/providers";
import { jobOf, newestChosen, numberOf, type Turn } from "../turns";

export function useRedoTarget(shown: Variant | null, turns: readonly Turn[]) {
  const config = useConfig();
  const priceOf = usePrice();
  const variant = shown ?? newestChosen(turns);
  const job = jobOf(variant, turns);
  if (!variant || !job) return null;
  // Use the same kind of provider as before: local, or the cloud models that are available now.
  const local = variant.model_used.startsWith("local/") && job.provider === "local";
  const routes = config && !local ? routesFor(config, job.type, job.provider) : [];
  const paid = routes.some(({ provider }) => provider !== "local");
  return { id: variant.id, number: numberOf(variant, turns), price: paid ? priceOf(routes, 1) : null };
}
