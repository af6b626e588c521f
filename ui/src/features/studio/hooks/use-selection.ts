/** Selection of turn and picture on the stage, and the rule for when a new picture replaces it. */
import { useCallback, useState } from "react";
import type { Schemas } from "@/api/client";
import { newestChosen, type Turn } from "../turns";

type Variant = Schemas["Variant"];

export type Selection = {
  /** Variant on the stage; null for the photo. */
  variant: Variant | null;
  /** Turn whose pictures the tray shows. */
  turn: Turn | null;
  unseen: ReadonlySet<string>;
  pick: (variantId: string | null) => void;
  /** Selects a new job, and allows its first picture onto the stage. */
  begin: (jobId: string) => void;
  land: (variant: Variant) => void;
  /** The user inspects the picture, so new pictures no longer replace it. */
  touch: () => void;
};

type State = {
  picked: string | null | undefined;
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
  const variant =
    state.picked === undefined
      ? newestChosen(turns)
      : (variants.find((other) => other.id === state.picked) ?? null);
  const byJob = turns.find((turn) => turn.job.id === state.jobId);
  const byVariant = turns.find((turn) => turn.job.id === variant?.job_id);

  const pick = useCallback((variantId: string | null) => {
    setState((now) => ({
      picked: variantId,
      jobId: null,
      touched: true,
      unseen: new Set([...now.unseen].filter((id) => id !== variantId)),
    }));
  }, []);
  const begin = useCallback((jobId: string) => {
    setState((now) => ({ ...now, jobId, touched: false }));
  }, []);
  const land = useCallback(
    (landed: Variant) => {
      setState((now) => {
        const shownJob = now.jobId === landed.job_id;
        const current = now.picked ? variants.find((other) => other.id === now.picked) : undefined;
        const waiting =
          shownJob && !now.touched && (current?.job_id !== landed.job_id || current.role === "preview");
        if (waiting) return { ...now, picked: landed.id };
        return { ...now, unseen: new Set([...now.unseen, landed.id]) };
      });
    },
    [variants],
  );
  const touch = useCallback(() => setState((now) => (now.touched ? now : { ...now, touched: true })), []);

  const active = turns.findLast((turn) => turn.active);
  return {
    variant,
    turn: byJob ?? byVariant ?? active ?? null,
    unseen: state.unseen,
    pick,
    begin,
    land,
    touch,
  };
}
