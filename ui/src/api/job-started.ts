/**
 * BroadcastChannel between the tabs of this browser: notifies each of a job that started, so that none has to poll
 * often.
 */

const NAME = "stillroom.jobs";
const here = new EventTarget();
/** Opened on first use. Null without BroadcastChannel: the tab then finds new jobs at its next poll. */
let tabs: BroadcastChannel | null | undefined;

function channel(): BroadcastChannel | null {
  if (tabs !== undefined) return tabs;
  tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;
  tabs?.addEventListener("message", () => here.dispatchEvent(new Event("started")));
  return tabs;
}

export function notifyJobStarted(): void {
  channel()?.postMessage(null);
  here.dispatchEvent(new Event("started"));
}

/** Calls `notify` whenever a job starts, in this tab or another. Returns the unsubscribe function. */
export function onJobStarted(notify: () => void): () => void {
  channel();
  here.addEventListener("started", notify);
  return () => here.removeEventListener("started", notify);
}
