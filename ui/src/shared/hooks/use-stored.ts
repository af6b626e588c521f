/** State that outlives the tab: one value of `localStorage`, shared by everyone who reads it. */
import { useCallback, useSyncExternalStore } from "react";

const PREFIX = "stillroom.";
const listeners = new Map<string, Set<() => void>>();
const memory = new Map<string, string | null>();

function read(key: string): string | null {
  if (!memory.has(key)) {
    try {
      memory.set(key, localStorage.getItem(PREFIX + key));
    } catch {
      memory.set(key, null);
    }
  }
  return memory.get(key) ?? null;
}

function write(key: string, value: string): void {
  memory.set(key, value);
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // A browser that refuses storage still keeps the choice until the page is left.
  }
  listeners.get(key)?.forEach((notify) => notify());
}

function parse<T>(raw: string | null, accepts: (value: unknown) => value is T, initial: T): T {
  if (raw === null) return initial;
  try {
    const value: unknown = JSON.parse(raw);
    return accepts(value) ? value : initial;
  } catch {
    return initial;
  }
}

/** Reads and writes a stored value; what no longer fits `accepts` counts as not stored. */
export function useStored<T>(
  key: string,
  initial: T,
  accepts: (value: unknown) => value is T,
): [T, (value: T) => void] {
  const subscribe = useCallback(
    (notify: () => void) => {
      const group = listeners.get(key) ?? new Set();
      listeners.set(key, group.add(notify));
      return () => group.delete(notify);
    },
    [key],
  );
  const raw = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  );
  const set = useCallback((value: T) => write(key, JSON.stringify(value)), [key]);
  return [parse(raw, accepts, initial), set];
}

/** A test for one of a few words, for `useStored`. */
export const oneOf =
  <T extends string | number>(...words: readonly T[]) =>
  (value: unknown): value is T =>
    words.some((word) => word === value);

export const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
