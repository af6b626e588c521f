/** Which model the user wants to ask: one by name, or whoever does it best. */
import { useQuery } from "@tanstack/react-query";
import { configQuery } from "@/api/queries";
import { useStored } from "@/shared/hooks/use-stored";
import { routesFor } from "@/shared/providers";
import type { Schemas } from "@/api/client";

const isChoice = (value: unknown): value is string | null => value === null || typeof value === "string";

export type ModelChoice = {
  /** Null leaves it to the server. */
  chosen: string | null;
  choose: (provider: string | null) => void;
  routesOf: (operation: Schemas["Operation"]) => Schemas["Route"][];
};

/** The choice is kept per browser; one that cannot be asked now counts as none. */
export function useModelChoice(): ModelChoice {
  const { data: config } = useQuery(configQuery);
  const [stored, choose] = useStored<string | null>("provider", null, isChoice);
  const ready = config?.providers.some(({ id, state }) => id === stored && state === "ready") ?? false;
  const chosen = ready ? stored : null;
  return {
    chosen,
    choose,
    routesOf: (operation) => (config ? routesFor(config, operation, chosen) : []),
  };
}
