/** Model choice: one by name, or automatic. */
import { useStored } from "@/shared/hooks/use-stored";
import { routesFor } from "@/shared/providers";
import type { Schemas } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";

const isChoice = (value: unknown): value is string | null => value === null || typeof value === "string";

export type ModelChoice = {
  /** Null means automatic. */
  chosen: string | null;
  choose: (provider: string | null) => void;
  routesOf: (operation: Schemas["Operation"]) => Schemas["Route"][];
};

/** Stored per browser. A model that is unavailable counts as automatic. */
export function useModelChoice(): ModelChoice {
  const config = useConfig();
  const [stored, choose] = useStored<string | null>("provider", null, isChoice);
  const ready = config?.providers.some(({ id, state }) => id === stored && state === "ready") ?? false;
  const chosen = ready ? stored : null;
  return {
    chosen,
    choose,
    routesOf: (operation) => (config ? routesFor(config, operation, chosen) : []),
  };
}
