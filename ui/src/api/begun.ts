/** Tells every tab of this browser that a job has begun, so that none must ask all the time. */

const NAME = "stillroom.jobs";
const here = new EventTarget();
/** Opened when first needed; a browser without it hears of jobs at its next look at the list. */
let tabs: BroadcastChannel | null | undefined;

function channel(): BroadcastChannel | null {
  if (tabs !== undefined) return tabs;
  tabs = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;
  tabs?.addEventListener("message", () => here.dispatchEvent(new Event("begun")));
  return tabs;
}

export function tellBegun(): void {
  channel()?.postMessage(null);
  here.dispatchEvent(new Event("begun"));
}

/** Calls back whenever a job has begun, in this tab or another; returns the way to stop. */
export function onBegun(notify: () => void): () => void {
  channel();
  here.addEventListener("begun", notify);
  return () => here.removeEventListener("begun", notify);
}
