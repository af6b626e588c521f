/** Seconds until the server accepts orders again, after it refused one because there were too many. */
import { useEffect } from "react";
import { ProblemError } from "@/api/problems";
import { useCountdown } from "@/shared/hooks/use-countdown";
import type { Runs } from "./use-runs";

export function useRetryWait({ edit, refine, restore, again }: Runs): number {
  const [wait, setWait] = useCountdown();
  const refused = edit.error ?? refine.error ?? restore.error ?? again.error;
  useEffect(() => {
    if (refused instanceof ProblemError && refused.code === "E_RATE_LIMITED")
      setWait(Math.max(1, refused.retryAfterSeconds));
    // Only a new refusal starts the countdown again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [refused]);
  return wait;
}
