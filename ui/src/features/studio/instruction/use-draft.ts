/** Unsent instruction, kept per product in sessionStorage. */
import { useCallback, useState } from "react";

const storageKey = (key: string) => `stillroom.draft.${key}`;

function stored(key: string): string {
  try {
    return sessionStorage.getItem(storageKey(key)) ?? "";
  } catch {
    return "";
  }
}

export function useDraft(key: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => stored(key));
  const keep = useCallback(
    (next: string) => {
      setText(next);
      try {
        if (next) sessionStorage.setItem(storageKey(key), next);
        else sessionStorage.removeItem(storageKey(key));
      } catch {
        // The text stays in the field, only a reload would lose it.
      }
    },
    [key],
  );
  return [text, keep];
}
