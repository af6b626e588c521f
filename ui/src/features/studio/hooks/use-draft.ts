/** Words typed and not yet sent, kept per product until the tab is closed. */
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
        // The words stay in the field; only a reload would lose them.
      }
    },
    [key],
  );
  return [text, keep];
}
