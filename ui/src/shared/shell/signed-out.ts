/** End of a sign-in: a BroadcastChannel tells the other tabs of this browser, and each forgets the user. */
import { forgetUser, readStored, writeStored } from "../browser-storage";
import { IndexedPhotos } from "../photos/photo-store";

const NAME = "stillroom.signed-out";

/** Keeps cached and stored data from the next user, and unsent photos from being sent in their name. */
export async function forgetEverywhere(): Promise<void> {
  // Before the message, which also reloads this tab.
  await new IndexedPhotos().clear();
  const tabs = open();
  tabs?.postMessage(null);
  tabs?.close();
  startAnew();
}

/** Notes who signed in. Returns true if the one before was another user, whose session may have expired. */
export function isNewUser(name: string): boolean {
  const before = readStored("localStorage", "user");
  writeStored("localStorage", "user", name);
  return before !== null && before !== name;
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
