/** Orders that start from a picture: adopt it, repair it, or carry out another instruction on it. */
import type { Job, Variant } from "@/api/client";
import type { Fix } from "../marks";
import { chosenOf, type Turn } from "../turns";
import { press, type Runs } from "./use-runs";
import type { Selection } from "./use-selection";

export function usePictureOrders(turns: readonly Turn[], selection: Selection, runs: Runs) {
  const { variant } = selection;
  const newest = turns.at(-1);
  const show = { onSuccess: (job: Job) => selection.begin(job.id) };

  const adopt = () => variant && !variant.adopted && runs.adopt.mutate(variant.id);
  const fix = (base: Variant, mark: Fix) => runs.restore.mutate(press({ base, restore: mark }), show);
  /** Carries out what a notice about the newest turn suggests. */
  const doInstead = (prompt: string) => {
    const base = (variant?.job_id === newest?.job.id ? variant : newest && chosenOf(newest)) ?? variant;
    if (base) runs.refine.mutate(press({ base, prompt, candidates: 1, provider: null }), show);
  };
  return { adopt, fix, doInstead };
}
