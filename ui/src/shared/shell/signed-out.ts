/** End of a sign-in: a BroadcastChannel tells the other tabs of this browser, and each forgets the user. */
import { forgetUser } from "../browser-storage";

const NAME = "stillroom.signed-out";

export function notifySignedOut(): void {
  const tabs = open();
  tabs?.postMessage(null);
  tabs?.close();
}

/** Calls `act` when the user signs out in another tab. Returns the unsubscribe function. */
export function onSignedOut(act: () => void): () => void {
  const tabs = open();
  tabs?.addEventListener("message", act);
  return () => tabs?.close();
}

/** Loads the first screen, so that nothing of the user stays in this tab: neither texts nor photos to send. */
export function startAnew(): void {
  forgetUser();
  window.location.assign("/");
}

/** Null without BroadcastChannel: the other tabs then ask for the token at their next call. */
const open = (): BroadcastChannel | null =>
  "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;
