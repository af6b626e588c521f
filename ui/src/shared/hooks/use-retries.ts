/** Retries a failed fetch, as during a server restart. */
import { useEffect, useState } from "react";

const FIRST_MS = 2000;
const LONGEST_MS = 8000;
/**
 * After about two minutes retries stop until the browser reports a network again, because the file is probably
 * deleted.
 */
const MAX_TRIES = 16;

type Retries = {
  /** Number of retries; use it in a `key` or an effect to start the next attempt. */
  tries: number;
  /** True if the latest attempt failed. */
  failing: boolean;
  failed: () => void;
  came: () => void;
};

/** Retries of one URL; another URL starts from 0. */
export function useRetries(of: string | null): Retries {
  const [known, setKnown] = useState({ of, tries: 0, failing: false, waits: false });
  const { tries, failing, waits } = known.of === of ? known : { tries: 0, failing: false, waits: false };
  useEffect(() => {
    if (!waits) return;
    const again = () => setKnown((now) => ({ ...now, tries: now.tries + 1, waits: false }));
    window.addEventListener("online", again);
    const timer =
      tries < MAX_TRIES ? window.setTimeout(again, Math.min(LONGEST_MS, FIRST_MS * 2 ** tries)) : 0;
    return () => {
      window.removeEventListener("online", again);
      window.clearTimeout(timer);
    };
  }, [of, tries, waits]);
  return {
    tries,
    failing,
    failed: () => setKnown({ of, tries, failing: true, waits: true }),
    came: () => setKnown({ of, tries, failing: false, waits: false }),
  };
}
