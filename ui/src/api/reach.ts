/**
 * Whether the server can be reached. It is often this very machine, which answers without any network, so the
 * browser's own word counts only where the last call found nobody either.
 */

const PROBE_EVERY_MS = 5_000;

const listeners = new Set<() => void>();
let answered = true;
let timer = 0;

export const isOffline = (): boolean => !navigator.onLine && !answered;

/** Tells of a call how it went; one that was called off says nothing. */
export function told(isAnswered: boolean): void {
  answered = isAnswered;
  changed();
}

/** Calls `listener` with every change; while the browser says that it is offline, the server is asked now and then. */
export function onReach(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    window.addEventListener("online", changed);
    window.addEventListener("offline", look);
    askAgain();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", look);
    window.clearInterval(timer);
    timer = 0;
  };
}

/** Asks for the server until it answers, or nobody waits any more; says whether it was away. */
export async function reached(signal: AbortSignal): Promise<boolean> {
  for (let asked = 0; !signal.aborted; asked += 1) {
    if (await probe()) return asked > 0;
    await pause(signal);
  }
  return true;
}

/** Until it is worth asking again. */
function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      window.clearTimeout(waiting);
      window.removeEventListener("online", go);
      signal.removeEventListener("abort", go);
      resolve();
    };
    const waiting = window.setTimeout(go, PROBE_EVERY_MS);
    window.addEventListener("online", go);
    signal.addEventListener("abort", go);
  });
}

async function probe(): Promise<boolean> {
  const isThere = await fetch("/health").then(
    // A proxy says that nobody is behind it.
    ({ status }) => status !== 502 && status !== 504,
    () => false,
  );
  told(isThere);
  return isThere;
}

const look = () => void probe();

function askAgain(): void {
  window.clearInterval(timer);
  timer = isOffline() && listeners.size > 0 ? window.setInterval(look, PROBE_EVERY_MS) : 0;
}

function changed(): void {
  askAgain();
  listeners.forEach((listener) => listener());
}
