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
    window.addEventListener("offline", probe);
    askAgain();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", probe);
    window.clearInterval(timer);
    timer = 0;
  };
}

/** Resolves when the server can be reached, or when nobody waits for it any more. */
export function reached(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (isOffline() && !signal.aborted) return;
      stop();
      resolve();
    };
    const stop = onReach(look);
    signal.addEventListener("abort", look, { once: true });
    look();
  });
}

function probe(): void {
  void fetch("/health").then(
    () => told(true),
    () => told(false),
  );
}

function askAgain(): void {
  window.clearInterval(timer);
  timer = isOffline() && listeners.size > 0 ? window.setInterval(probe, PROBE_EVERY_MS) : 0;
}

function changed(): void {
  askAgain();
  listeners.forEach((listener) => listener());
}
