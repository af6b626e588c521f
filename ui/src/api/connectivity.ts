/**
 * Reachability of the server. It often runs on this computer and responds without a network, so `navigator.onLine`
 * counts only if the last call failed too.
 */

const PROBE_EVERY_MS = 5_000;

const listeners = new Set<() => void>();
let answered = true;
let timer = 0;

export const isOffline = (): boolean => !navigator.onLine && !answered;

/** Records whether a call got a response. Aborted calls are not reported here. */
export function reportCall(isAnswered: boolean): void {
  answered = isAnswered;
  changed();
}

/**
 * Calls `listener` on every change. Probes the server periodically while the browser reports that it is offline.
 * Returns the unsubscribe function.
 */
export function onConnectivityChange(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    window.addEventListener("online", changed);
    window.addEventListener("offline", probeNow);
    askAgain();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", probeNow);
    window.clearInterval(timer);
    timer = 0;
  };
}

/** Probes until the server responds or the signal aborts. Resolves with true if at least one probe failed. */
export async function untilReachable(signal: AbortSignal): Promise<boolean> {
  for (let asked = 0; !signal.aborted; asked += 1) {
    if (await probe(signal)) return asked > 0;
    await pause(signal);
  }
  return true;
}

/** Waits for the probe interval, the browser's `online` event or an abort. */
function pause(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
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

async function probe(signal: AbortSignal | null = null): Promise<boolean> {
  const isThere = await fetch("/health", { signal }).then(
    // With these statuses a proxy says that its upstream does not respond.
    ({ status }) => status !== 502 && status !== 504,
    () => false,
  );
  if (!signal?.aborted) reportCall(isThere);
  return isThere;
}

const probeNow = () => void probe();

function askAgain(): void {
  window.clearInterval(timer);
  // Also after a response, which may have been on its way when the network went.
  timer = !navigator.onLine && listeners.size > 0 ? window.setInterval(probeNow, PROBE_EVERY_MS) : 0;
}

function changed(): void {
  askAgain();
  listeners.forEach((listener) => listener());
}
