/** Aspect ratio of the picture on the stage. A new ratio is a turn of its own. */
import type { Schemas } from "@/api/client";
import { isPainted } from "../placing/placing";
import type { Turn } from "../turns";
import { press, type Runs } from "../hooks/use-runs";
import type { Selection } from "../hooks/use-selection";

export type Aspect = Schemas["Framing"]["aspect"];

export type Ratio = {
  now: Aspect;
  /** True while the last manual change is being sent. */
  busy: boolean;
  choose: (aspect: Aspect) => void;
};

/** Null while the photo is on the stage, or a picture whose model chooses the ratio. */
export function useRatio(
  turns: readonly Turn[],
  { variant, begin }: Pick<Selection, "variant" | "begin">,
  { arrange }: Pick<Runs, "arrange">,
): Ratio | null {
  if (!variant || isPainted(variant.measures)) return null;
  const now = variant.plan.framing.aspect;
  const sent = turns.find(({ job }) => job.id === arrange.data?.id);
  return {
    now,
    busy: arrange.isPending || sent?.active === true,
    choose: (aspect) => {
      if (aspect === now) return;
      arrange.mutate(press({ base: variant, changes: { framing: { aspect } } }), {
        onSuccess: ({ id }) => begin(id),
      });
    },
  };
}
