/** Time until an exported file expires. */
import { useEffect, useState } from "react";

const LOOK_EVERY_MS = 20_000;

/** Milliseconds until the server deletes a file. */
export const leftOf = (expiresAt: string | null, now: number) =>
  expiresAt ? Date.parse(expiresAt) - now : 0;

/** Current time, updated often enough for a display in minutes. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
