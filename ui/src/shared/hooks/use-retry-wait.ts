/** Seconds until a request may be sent again that the server refused because there were too many. */
import { useEffect, useState } from "react";
import { ProblemError } from "@/api/problems";

/** Each new error of this kind starts the countdown again, which goes on when the error is gone. */
export function useRetryWait(error: unknown): number {
  const [refusal, setRefusal] = useState<ProblemError | null>(null);
  const [left, setLeft] = useState(0);
  if (error instanceof ProblemError && error.code === "E_RATE_LIMITED" && error !== refusal)
    setRefusal(error);
  useEffect(() => {
    if (!refusal) return;
    const until = Date.now() + Math.max(1, refusal.retryAfterSeconds) * 1000;
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tick();
    const timer = window.setInterval(tick, 250);
    return () => window.clearInterval(timer);
  }, [refusal]);
  return left;
}
