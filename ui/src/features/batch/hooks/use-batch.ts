/** The one batch of this browser. It goes on while other screens are shown. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { configQuery } from "@/api/queries";
import { useCandidates, usePlatform } from "@/shared/hooks/use-defaults";
import { highestCost, routesFor } from "@/shared/providers";
import { firstRecipe } from "../list";
import { BatchRun, server, type Snapshot } from "../run";
import { IndexedStore } from "../store";

const run = new BatchRun(new IndexedStore(), server);
let begun: Promise<void> | null = null;

/** Takes up what was kept, once. */
export function beginBatch(): Promise<void> {
  begun ??= run.begin();
  return begun;
}

export function useBatch(): { run: BatchRun; now: Snapshot } {
  const { data: config } = useQuery(configQuery);
  const now = useSyncExternalStore(run.subscribe, run.snapshot);
  const limit = config?.limits.user_queued;
  const { recipe } = now.batch;
  const routes = config ? routesFor(config, recipe.operation, recipe.provider) : [];
  // A price that nobody knows cannot be reckoned with; what was spent still counts.
  const mostPerJob = highestCost(routes, recipe.candidates) ?? 0;
  const [candidates] = useCandidates(firstRecipe.candidates);
  const [platform] = usePlatform();
  useEffect(() => {
    void beginBatch();
    return run.watch();
  }, []);
  useEffect(() => {
    if (limit !== undefined) run.allow(limit, mostPerJob);
  }, [limit, mostPerJob]);
  useEffect(() => run.prefer({ candidates, platform }), [candidates, platform]);
  return { run, now };
}
