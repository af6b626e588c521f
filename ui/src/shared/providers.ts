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

/** The routes an operation can take now, best first. */
export function readyRoutes(config: Config, operation: Operation): Schemas["Route"][] {
  const ready = new Set(config.providers.filter(({ state }) => state === "ready").map(({ id }) => id));
  return config.capability_map[operation]
    .filter((route) => ready.has(route.provider))
    .toSorted((a, b) =>
      config.strategy === "prefer_latency" ? a.latency_seconds - b.latency_seconds : a.rank - b.rank,
    );
}

/** The most a run can cost: 0 when nothing leaves this machine, null when a price is not known. */
export function highestCost(routes: readonly Schemas["Route"][], candidates: number): number | null {
  const prices = routes.filter((route) => route.provider !== "local").map((route) => route.cost_usd);
  if (prices.some((price) => price === null)) return null;
  return Math.max(0, ...prices.map((price) => price ?? 0)) * candidates;
}
