/** Returns a refused instruction to the text area for editing. */
import { useEffect, useEffectEvent, useState, type RefObject } from "react";
import type { Job } from "@/api/client";
import { isActive } from "@/api/queries";
import { readStored, writeStored } from "@/shared/browser-storage";

const wasRefused = ({ last_error, fallbacks }: Job) =>
  last_error?.code === "E_AI_CONTENT_REFUSED" || fallbacks.some(({ reason }) => reason === "refused");

/** True only once per tab, so that text which the user has discarded does not come back. */
function isFirstTime(jobId: string): boolean {
  const isFirst = readStored("sessionStorage", `returned.${jobId}`) === null;
  writeStored("sessionStorage", `returned.${jobId}`, "1");
  return isFirst;
}

/** Puts the newest refused instruction into an empty field and selects it. Returns true while it is unchanged. */
export function useReturnedWords(
  jobs: readonly Job[],
  field: RefObject<HTMLTextAreaElement | null>,
  text: string,
  setText: (text: string) => void,
): boolean {
  const newest = jobs.toSorted((a, b) => a.created_at.localeCompare(b.created_at)).at(-1);
  const refused = newest && !isActive(newest) && wasRefused(newest) ? newest : null;
  const [returned, setReturned] = useState<{ words: string } | null>(null);
  const giveBack = useEffectEvent((words: string) => {
    if (text.trim() !== "") return;
    setText(words);
    setReturned({ words });
  });
  const id = refused?.id;
  const words = refused?.prompt;
  useEffect(() => {
    if (!id || !words) return;
    const timer = setTimeout(() => isFirstTime(id) && giveBack(words));
    return () => clearTimeout(timer);
  }, [id, words]);
  useEffect(() => {
    // Selects without focusing, because an event must never move the focus.
    if (returned) field.current?.setSelectionRange(0, returned.words.length);
  }, [returned, field]);
  return returned?.words === text;
}
