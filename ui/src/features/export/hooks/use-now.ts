/** How long a file is still there. */
import { useEffect, useState } from "react";

const LOOK_EVERY_MS = 20_000;

/** Milliseconds until the server sweeps a file. */
export const leftOf = (expiresAt: string | null, now: number) =>
  expiresAt ? Date.parse(expiresAt) - now : 0;

/** The moment, told again often enough for what is counted in minutes. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
