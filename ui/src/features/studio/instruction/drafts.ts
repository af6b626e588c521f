/** Unsent words of an instruction field, kept for the tab. Their order may end after the field has gone and come back. */
import { readStored, writeStored } from "@/shared/browser-storage";

const sentWords = new EventTarget();

export const readDraft = (key: string): string => readStored("sessionStorage", `draft.${key}`) ?? "";

export const writeDraft = (key: string, text: string): void =>
  writeStored("sessionStorage", `draft.${key}`, text || null);

/** Empties the draft after its words were sent, unless the user has gone on typing. */
export function clearDraft(key: string, sent: string): void {
  if (readDraft(key).trim() === sent) writeDraft(key, "");
  sentWords.dispatchEvent(new CustomEvent(key, { detail: sent }));
}

/** Calls `act` with the words of this draft that were sent. Returns the unsubscribe function. */
export function onDraftSent(key: string, act: (sent: string) => void): () => void {
  const listen = (event: Event) => act((event as CustomEvent<string>).detail);
  sentWords.addEventListener(key, listen);
  return () => sentWords.removeEventListener(key, listen);
}
