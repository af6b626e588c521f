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

/** Settings of the browser, which are the same for whoever signs in, and who signed in last. */
const KEPT = [
  "user",
  "locale",
  "theme",
  "surround",
  "shortcuts",
  "platform",
  "candidates",
  "provider",
  "library-order",
];

/** Forgets what the user has typed and chosen, such as drafts and favourites. */
export function forgetUser(): void {
  for (const area of ["localStorage", "sessionStorage"] as const)
    for (const key of keysOf(area)) if (!KEPT.includes(key)) writeStored(area, key, null);
}

function keysOf(area: Area): string[] {
  try {
    return Object.keys(globalThis[area])
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length));
  } catch {
    return [];
  }
}
