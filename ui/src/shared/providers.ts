/** Providers: names, order and highest cost. */
import type { Schemas } from "@/api/client";

type Config = Schemas["Config"];
type Operation = Schemas["Operation"];

/** Provider of a model id: `gemini/gemini-nano-banana-2.1` belongs to `gemini`. */
export const providerOf = (modelUsed: string) => modelUsed.split("/")[0] ?? modelUsed;

/** Available routes of an operation, in the order in which the server tries them. */
export function readyRoutes(config: Config, operation: Operation): Schemas["Route"][] {
  const ready = new Set(config.providers.filter(({ state }) => state === "ready").map(({ id }) => id));
  return config.capability_map[operation].filter((route) => ready.has(route.provider));
}

/** Routes of a run on one provider. The local one is always the fallback; null allows all. */
export const routesFor = (config: Config, operation: Operation, chosen: string | null) =>
  readyRoutes(config, operation).filter(
    ({ provider }) => chosen === null || provider === chosen || provider === "local",
  );

/** The model that a provider uses now, or would use if it had a key. */
export function modelOf(provider: Schemas["ProviderState"]): Schemas["ProviderModel"] | undefined {
  const inUse = provider.model_in_use?.split("/").at(-1);
  return provider.models.find(({ id }) => id === inUse) ?? provider.models[0];
}

/** True after a model's shutdown date, which is read as UTC. */
export const hasEnded = (ends: string, today: Date) => Date.parse(ends) <= today.getTime();

/** Providers whose model will be shut down soon enough for a warning. */
export const shuttingDownSoon = (config: Config) =>
  config.providers.flatMap((provider) => {
    const model = provider.state === "ready" ? modelOf(provider) : undefined;
    return model?.ends_soon && model.shuts_down_on
      ? [{ provider: provider.id, ends: model.shuts_down_on }]
      : [];
  });

/** Highest cost of a run: 0 if it is local, null if a price is unknown. */
export function highestCost(routes: readonly Schemas["Route"][], candidates: number): number | null {
  const prices = routes.filter((route) => route.provider !== "local").map((route) => route.cost_usd);
  if (prices.some((price) => price === null)) return null;
  return Math.max(0, ...prices.map((price) => price ?? 0)) * candidates;
}
