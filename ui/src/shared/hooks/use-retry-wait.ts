/** Seconds until a request may be sent again that the server refused because there were too many. */
import { useEffect, useState } from "react";
import { ProblemError } from "@/api/problems";

const secondsOf = (refusal: ProblemError) => Math.max(1, refusal.retryAfterSeconds);

/** Each new error of this kind starts the countdown again, which goes on when the error is gone. */
export function useRetryWait(error: unknown): number {
  const [refusal, setRefusal] = useState<ProblemError | null>(null);
  const [left, setLeft] = useState(0);
  if (error instanceof ProblemError && error.code === "E_RATE_LIMITED" && error !== refusal) {
    setRefusal(error);
    setLeft(secondsOf(error));
  }
  useEffect(() => {
    if (!refusal) return;
    const until = Date.now() + secondsOf(refusal) * 1000;
    const timer = window.setInterval(() => {
      const next = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setLeft(next);
      if (next === 0) window.clearInterval(timer);
    }, 250);
    return () => window.clearInterval(timer);
  }, [refusal]);
  return left;
}
