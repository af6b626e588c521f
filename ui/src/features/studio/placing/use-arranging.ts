/** Manual placement of the product: drawn at once, previewed while it moves, sent as one turn after each pause. */
import { useEffect, useEffectEvent, useState } from "react";
import type { Session, Variant } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { framingOf, placedIn, type Arranging, type Placing } from "./placing";
import type { Turn } from "../turns";
import { usePreview, type Part } from "./use-preview";
import { press, type PlanChanges, type Runs } from "../hooks/use-runs";
import type { Selection } from "../hooks/use-selection";

/** Debounce in milliseconds before a placement is sent, so that repeated key presses make one turn. */
const DEBOUNCE_MS = 450;

type Draft = {
  /** Id of the variant in which the product was placed. */
  of: string;
  placing: Placing;
  /** Placement that was sent as a turn. */
  sent: Placing | null;
  jobId: string | null;
  /** True while a pointer holds the product. */
  isHeld: boolean;
};

/** Plan changes that are tried on a picture before they are sent; they go when another picture is shown. */
export function useTried(variant: Variant | null) {
  const [tried, setTried] = useState<{ of: string; changes: PlanChanges } | null>(null);
  const of = variant?.id;
  const change = (changes: PlanChanges | null) => setTried(of && changes ? { of, changes } : null);
  return [tried && tried.of === of ? tried.changes : null, change] as const;
}

export function useArranging(
  session: Session,
  turns: readonly Turn[],
  selection: Selection,
  runs: Runs,
  /** Other plan changes that are previewed on the picture. */
  tried: PlanChanges | null,
): Arranging | null {
  const { variant } = selection;
  const config = useConfig();
  const placed = variant && placedIn(variant);
  const [selected, setSelected] = useState(false);
  const [approached, setApproached] = useState<string | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);

  if (draft && draft.of !== variant?.id) {
    // The turn has finished or another picture was selected. Moves made meanwhile continue from the new picture.
    const goesOn = variant?.job_id === draft.jobId && draft.placing !== draft.sent;
    setDraft(goesOn ? { ...draft, of: variant.id, sent: null, jobId: null } : null);
  }
  const job = turns.find((turn) => turn.job.id === draft?.jobId)?.job;
  if (draft?.jobId && (job?.status === "failed" || job?.status === "canceled")) setDraft(null);

  const framing = placed && draft ? framingOf(placed.placing, draft.placing) : {};
  const changes = Object.keys(framing).length > 0 ? { framing } : null;
  const previewed = changes || tried ? { ...tried, ...changes } : null;
  // A transparent preview would show the picture below it, and a painted picture moves as a whole.
  const isOpaque = variant?.plan.backdrop.kind !== "transparent";
  const isWhole = placed?.isWhole ?? false;
  const isNear = selected || approached === variant?.id;
  const lifts = placed !== null && !isWhole && (previewed ? draft?.isHeld === true : isNear);
  const parts: Part[] = [];
  if (lifts) parts.push("surroundings");
  if (previewed) parts.push("picture");
  const preview = usePreview(variant && isOpaque ? { variant, changes: previewed ?? {}, parts } : null);

  const canLift = preview.surroundings !== null || (isNear && (isWhole || !isOpaque));

  const waits = draft !== null && !draft.isHeld && draft.placing !== draft.sent && draft.jobId === null;
  const placing = draft?.placing;
  const send = useEffectEvent(() => {
    if (!variant || !placing) return;
    if (!changes) {
      setDraft(null);
      return;
    }
    setDraft((now) => now && { ...now, sent: placing });
    runs.arrange.mutate(press({ base: variant, changes }), {
      onSuccess: ({ id }) => {
        selection.begin(id);
        setDraft((now) => now && { ...now, jobId: id });
      },
      onError: () => setDraft(null),
    });
  });
  const isBusy = runs.arrange.isPending;
  useEffect(() => {
    if (!waits || isBusy) return;
    const timer = setTimeout(send, DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [waits, isBusy, placing]);

  const platform = config?.platforms.find(({ id }) => id === session.platform);
  const preset = config?.export_presets.find(({ id }) => id === platform?.default_preset);
  return variant && placed
    ? {
        placed,
        placing: draft?.placing ?? placed.placing,
        inHand: canLift
          ? {
              url: variant.image.url,
              matteUrl: isWhole ? null : `/image/${variant.id}?size=matte`,
              surroundings: preview.surroundings,
            }
          : null,
        preview: preview.picture,
        isPreviewed: preview.isCurrent,
        selected,
        safeShare: preset?.subject?.max ?? null,
        approach: () => setApproached(variant.id),
        select: setSelected,
        place: (next, ends) => {
          setDraft((now) => {
            const isBack = ends && !now?.sent && Object.keys(framingOf(placed.placing, next)).length === 0;
            if (isBack) return null;
            const { sent = null, jobId = null } = now ?? {};
            return { of: variant.id, sent, jobId, placing: next, isHeld: !ends };
          });
        },
      }
    : null;
}
