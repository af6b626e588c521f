/** Unsent instruction, kept per product in sessionStorage. */
import { useState } from "react";
import { readStored, writeStored } from "@/shared/browser-storage";

export function useDraft(key: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => readStored("sessionStorage", `draft.${key}`) ?? "");
  const keep = (next: string) => {
    setText(next);
    writeStored("sessionStorage", `draft.${key}`, next || null);
  };
  return [text, keep];
}
