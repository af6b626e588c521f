/** Selection of turn and picture on the stage, and the rule for when a new picture replaces it. */
import { useState } from "react";
import type { Variant } from "@/api/client";
import { newestChosen, turnOf, type Turn } from "../turns";

export type Selection = {
  /** Variant on the stage; null for the photo. */
  variant: Variant | null;
  /** Turn whose pictures the tray shows. */
  turn: Turn | null;
  unseen: ReadonlySet<string>;
  pick: (variantId: string | null) => void;
  /** Selects a new job, and allows its first picture onto the stage. */
  begin: (jobId: string) => void;
  /** Shows a finished picture in place of the one that it replaces, or if its job waits for a first one. */
  land: (variant: Variant, replaces?: string | null) => void;
  /** The user inspects the picture, so new pictures no longer replace it. */
  touch: () => void;
};

type State = {
  /** As it was when it was picked: its row may come later than the event that lands it, or give way to another one. */
  picked: Variant | null | undefined;
  jobId: string | null;
  touched: boolean;
  unseen: ReadonlySet<string>;
};

export function useSelection(turns: readonly Turn[]): Selection {
  const [state, setState] = useState<State>(() => {
    const active = turns.findLast((turn) => turn.active);
    return { picked: undefined, jobId: active?.job.id ?? null, touched: false, unseen: new Set() };
  });
  const variants = turns.flatMap((turn) => turn.variants);
  const { picked } = state;
  const variant =
    picked === undefined ? newestChosen(turns) : (variants.find(({ id }) => id === picked?.id) ?? picked);
  const byJob = turns.find((turn) => turn.job.id === state.jobId);
  const byVariant = turnOf(variant, turns);

  const active = turns.findLast((turn) => turn.active);
  return {
    variant,
    turn: byJob ?? byVariant ?? active ?? null,
    unseen: state.unseen,
    pick: (variantId) =>
      setState((now) => ({
        picked: variants.find(({ id }) => id === variantId) ?? null,
        jobId: null,
        touched: true,
        unseen: new Set([...now.unseen].filter((id) => id !== variantId)),
      })),
    begin: (jobId) => setState((now) => ({ ...now, jobId, touched: false })),
    land: (landed, replaces = null) =>
      setState((now) => {
        const { picked, jobId, touched } = now;
        const isAwaited = picked?.job_id !== landed.job_id || picked.role === "preview";
        if (picked?.id === replaces || (jobId === landed.job_id && !touched && isAwaited)) {
          return { ...now, picked: landed };
        }
        return { ...now, unseen: new Set([...now.unseen, landed.id]) };
      }),
    // Picks what is shown, because what is picked for the user changes with every new picture.
    touch: () =>
      setState((now) => ({ ...now, picked: now.picked === undefined ? variant : now.picked, touched: true })),
  };
}
