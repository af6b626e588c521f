/** Texts in the browser's storage. Where it is full or forbidden, reading gives null and writing does nothing. */

type Area = "localStorage" | "sessionStorage";

const PREFIX = "stillroom.";

export function readStored(area: Area, key: string): string | null {
  try {
    return globalThis[area].getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** Null removes the text. */
export function writeStored(area: Area, key: string, text: string | null): void {
  try {
    if (text === null) globalThis[area].removeItem(PREFIX + key);
    else globalThis[area].setItem(PREFIX + key, text);
  } catch {
    // Callers work without it.
  }
}
