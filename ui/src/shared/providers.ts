/** Who makes the pictures: names, order and the highest price. */
import type { Schemas } from "@/api/client";

type Config = Schemas["Config"];
type Operation = Schemas["Operation"];

/** `gemini/gemini-nano-banana-2.1` is of the provider `gemini`. */
export const providerOf = (modelUsed: string) => modelUsed.split("/")[0] ?? modelUsed;

export function providerName(
  id: string,
  config: Config | undefined,
  say: (words: Schemas["Words"]) => string,
): string {
  const provider = config?.providers.find((other) => other.id === id);
  return provider ? say(provider.name) : id;
}

/** The routes an operation can take now, in the order in which they would be asked. */
export function readyRoutes(config: Config, operation: Operation): Schemas["Route"][] {
  const ready = new Set(config.providers.filter(({ state }) => state === "ready").map(({ id }) => id));
  return config.capability_map[operation].filter((route) => ready.has(route.provider));
}

/** The routes of a run for which one provider was chosen; this machine stands in for it, and null is any. */
export const routesFor = (config: Config, operation: Operation, chosen: string | null) =>
  readyRoutes(config, operation).filter(
    ({ provider }) => chosen === null || provider === chosen || provider === "local",
  );

/** The model a provider works with now; the one it would work with if it has no key. */
export function modelOf(provider: Schemas["ProviderState"]): Schemas["ProviderModel"] | undefined {
  const inUse = provider.model_in_use?.split("/").at(-1);
  return provider.models.find(({ id }) => id === inUse) ?? provider.models[0];
}

/** Whether a model's last day has come; a day without an hour is read as UTC. */
export const hasEnded = (ends: string, today: Date) => Date.parse(ends) <= today.getTime();

/** Providers whose model will be shut down soon enough to say so before a run. */
export const leavingSoon = (config: Config) =>
  config.providers.flatMap((provider) => {
    const model = provider.state === "ready" ? modelOf(provider) : undefined;
    return model?.ends_soon && model.shuts_down_on
      ? [{ provider: provider.id, ends: model.shuts_down_on }]
      : [];
  });

/** The most a run can cost: 0 when nothing leaves this machine, null when a price is not known. */
export function highestCost(routes: readonly Schemas["Route"][], candidates: number): number | null {
  const prices = routes.filter((route) => route.provider !== "local").map((route) => route.cost_usd);
  if (prices.some((price) => price === null)) return null;
  return Math.max(0, ...prices.map((price) => price ?? 0)) * candidates;
}
