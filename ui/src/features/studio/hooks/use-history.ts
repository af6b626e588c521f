/** Undo and redo over turns: to the parent of a picture and back. */
import { useState } from "react";
import type { Variant } from "@/api/client";
import type { Turn } from "../turns";
import { chosenOf } from "../turns";
import type { Selection } from "./use-selection";

/** Picture for redo: the one that undo left last, otherwise the newest child. */
export function forwardOf(
  turns: readonly Turn[],
  at: Variant | null,
  left: readonly string[],
): Variant | null {
  const made = turns
    .flatMap(({ variants }) => variants)
    .filter(({ parent_id }) => parent_id === (at?.id ?? null));
  const known = left.flatMap((leftId) => made.find(({ id }) => id === leftId) ?? []).at(-1);
  if (known) return known;
  const turn = turns.findLast(({ job }) => made.some(({ job_id }) => job_id === job.id));
  const chosen = turn ? chosenOf(turn) : null;
  return chosen && made.includes(chosen) ? chosen : (made.at(-1) ?? null);
}

export function useHistory(
  turns: readonly Turn[],
  { variant, turn, pick }: Selection,
  onCancel: (jobId: string) => void,
) {
  /** Variants that undo left, the latest one last. */
  const [left, setLeft] = useState<readonly string[]>([]);
  const forward = forwardOf(turns, variant, left);
  /** Job of a change to the picture shown that is still being made: undo ends it, and the picture stays. */
  const pending = turn?.active && turn.job.id !== variant?.job_id ? turn.job.id : null;
  return {
    undo: variant
      ? () => {
          if (pending !== null) {
            onCancel(pending);
            pick(variant.id);
            return;
          }
          setLeft((now) => [...now.filter((id) => id !== variant.id), variant.id]);
          pick(variant.parent_id);
        }
      : null,
    redo: forward ? () => pick(forward.id) : null,
  };
}

export type History = ReturnType<typeof useHistory>;
