/** Asking again for what could not be fetched, as while a server restarts. */
import { useEffect, useState } from "react";

const FIRST_MS = 2000;
const LONGEST_MS = 8000;
/** After about two minutes only a network that comes back begins anew: what is not there then has gone. */
const MOST = 16;

type Retries = {
  /** How often it was asked for again; in a `key` or an effect it makes the next attempt. */
  tries: number;
  /** It is not there yet, and did not come at the last attempt. */
  failing: boolean;
  failed: () => void;
  came: () => void;
};

/** Attempts at one thing, named by its address; another address begins at nought. */
export function useRetries(of: string | null): Retries {
  const [known, setKnown] = useState({ of, tries: 0, failing: false, waits: false });
  const { tries, failing, waits } = known.of === of ? known : { tries: 0, failing: false, waits: false };
  useEffect(() => {
    if (!waits) return;
    const again = () => setKnown((now) => ({ ...now, tries: now.tries + 1, waits: false }));
    window.addEventListener("online", again);
    const timer = tries < MOST ? window.setTimeout(again, Math.min(LONGEST_MS, FIRST_MS * 2 ** tries)) : 0;
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
