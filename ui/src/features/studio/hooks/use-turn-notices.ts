/** Notices about a turn's instruction: clauses not understood or not possible, and wishes that were replaced or withdrawn. */
import { useQuery } from "@tanstack/react-query";
import type { Feed, LogLine } from "@/api/feed";
import { jobLogQuery } from "@/api/job-log";
import { useStoredIds } from "@/shared/hooks/use-stored";
import type { Turn } from "../turns";

/** Log codes that stay visible in the turn's history. */
const NOTICE_CODES = new Set([
  "READ_AS",
  "NOT_UNDERSTOOD",
  "NOT_POSSIBLE",
  "AMBIGUOUS",
  "REFUSED",
  "WISH_REPLACED",
  "WISH_WITHDRAWN",
  "RESTORED_ANEW",
  "FRAMING_SMALLER",
  "FRAMING_KEPT_INSIDE",
  "ROTATION_NEEDS_BACKGROUND",
  "RATIO_NEEDS_BACKGROUND",
  "PLACE_NEEDS_BACKGROUND",
  "SHADOW_NEEDS_BACKGROUND",
  "DETAIL_NEEDS_BACKGROUND",
  "PAINTED_REPLACED",
  "REFLECTION_FLAT",
  "SCENE_ANY_SIZE",
  "SCENE_FLAT",
  "SCENE_FLOOR",
  "SCENE_HANGS",
  "SCENE_SIZE",
]);

/** True for a warning about a turn's instruction, which the banner and the turn's history show. */
export const isWarning = ({ code, level }: LogLine) => level === "warning" && NOTICE_CODES.has(code);

/** Turns whose dismissed warnings a browser remembers. */
const REMEMBERED = 50;

export function useTurnNotices(turn: Turn | null, feedOf: (jobId: string) => Feed): LogLine[] {
  const lines = turn ? feedOf(turn.job.id).logs : [];
  // Only the page that followed the job has its log in memory. Others fetch it once.
  const { data: replayed = [] } = useQuery({
    ...jobLogQuery(turn?.job.id ?? ""),
    enabled: turn !== null && !turn.active && lines.length === 0,
  });
  return (lines.length > 0 ? lines : replayed).filter(({ code }) => NOTICE_CODES.has(code));
}

/**
 * Warnings of the newest turn until they are dismissed, once for all visits. None while an earlier turn is shown, as
 * after undo; a failed turn has no picture that could be shown.
 */
export function useNewestWarnings(turn: Turn | null, shown: Turn | null, feedOf: (jobId: string) => Feed) {
  const dismissed = useStoredIds("dismissed", REMEMBERED);
  const warnings = useTurnNotices(turn, feedOf).filter(isWarning);
  const isLeft = turn?.job.id !== shown?.job.id && turn?.job.status !== "failed";
  return {
    lines: isLeft || (turn && dismissed.has(turn.job.id)) ? [] : warnings,
    dismiss: () => turn && dismissed.set(turn.job.id, true),
  };
}
