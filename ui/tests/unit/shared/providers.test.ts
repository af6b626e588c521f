import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { highestCost, shuttingDownSoon, modelOf, routesFor } from "@/shared/providers";

type Config = Schemas["Config"];
type Provider = Schemas["ProviderState"];

const model = (
  id: string,
  ends: string | null = null,
  endsSoon = ends !== null,
): Schemas["ProviderModel"] => ({
  id,
  status: "active",
  operations: ["optimize", "bg_replace", "refine"],
  cost_usd: 0.03,
  shuts_down_on: ends,
  ends_soon: endsSoon,
});
const provider = (id: string, more: Partial<Provider> = {}): Provider => ({
  id,
  name: { zh: id, en: id },
  state: "ready",
  model_in_use: `${id}/new`,
  reason: null,
  until: null,
  models: [model("old", "2026-12-01"), model("new")],
  ...more,
});
const route = (name: string, rank: number, cost: number | null) => ({
  provider: name,
  model: "new",
  rank,
  latency_seconds: 10,
  cost_usd: cost,
  limits: {
    pictures_in: 2,
    candidates_per_call: 1,
    max_width: 4096,
    max_height: 4096,
    mask: false,
    transparent: false,
  },
});
const routes = [route("gemini", 1, 0.03), route("chatgpt", 2, 0.01), route("local", 3, 0)];
const config = (providers: Provider[]) =>
  ({
    strategy: "prefer_quality",
    providers,
    capability_map: { optimize: routes, bg_replace: routes, refine: routes },
  }) as unknown as Config;

it("a chosen provider is asked alone, with this machine to stand in", () => {
  const all = config([provider("gemini"), provider("chatgpt"), provider("local")]);
  const names = (chosen: string | null) =>
    routesFor(all, "bg_replace", chosen).map(({ provider: name }) => name);
  expect(names(null)).toEqual(["gemini", "chatgpt", "local"]);
  expect(names("chatgpt")).toEqual(["chatgpt", "local"]);
  expect(names("local")).toEqual(["local"]);
});

it("the price before a run is the dearest model's, unknown if one is unknown, nothing on this machine", () => {
  expect(highestCost(routes, 3)).toBeCloseTo(0.09);
  expect(highestCost([route("gemini", 1, null)], 3)).toBeNull();
  expect(highestCost([route("local", 1, 0)], 3)).toBe(0);
});

it("the model in use is found under its provider's name, and only its own end is told", () => {
  expect(modelOf(provider("gemini"))?.id).toBe("new");
  expect(shuttingDownSoon(config([provider("gemini")]))).toEqual([]);
  expect(shuttingDownSoon(config([provider("gemini", { model_in_use: "gemini/old" })]))).toEqual([
    { provider: "gemini", ends: "2026-12-01" },
  ]);
});

it("says nothing of leaving about a model that has left", () => {
  const gone = provider("gemini", {
    model_in_use: "gemini/old",
    models: [model("old", "2026-12-01", false)],
  });
  expect(shuttingDownSoon(config([gone]))).toEqual([]);
});
