/** State in `localStorage`, shared by all readers of its key. */
import { useCallback, useSyncExternalStore } from "react";
import { readStored, writeStored } from "../browser-storage";

const listeners = new Set<() => void>();
const memory = new Map<string, string | null>();

/** Another tab has written, so what this one remembers may be out of date. */
function readAgain(): void {
  memory.clear();
  listeners.forEach((notify) => notify());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", readAgain);
  return () => listeners.delete(listener);
}

function read(key: string): string | null {
  if (!memory.has(key)) memory.set(key, readStored("localStorage", key));
  return memory.get(key) ?? null;
}

function write(key: string, value: string): void {
  memory.set(key, value);
  writeStored("localStorage", key, value);
  listeners.forEach((notify) => notify());
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

/**
 * Reads and writes a stored value. A value that `accepts` rejects counts as missing. The setter also takes a function
 * from the present value to the next one.
 */
export function useStored<T>(
  key: string,
  initial: T,
  accepts: (value: unknown) => value is T,
): [T, (next: T | ((now: T) => T)) => void] {
  const raw = useSyncExternalStore(subscribe, () => read(key));
  const set = useCallback(
    (next: T | ((now: T) => T)) => {
      const value = next instanceof Function ? next(parse(read(key), accepts, initial)) : next;
      write(key, JSON.stringify(value));
    },
    [key, accepts, initial],
  );
  return [parse(raw, accepts, initial), set];
}

/** Type guard for a set of strings, for `useStored`. */
export const oneOf =
  <T extends string | number>(...words: readonly T[]) =>
  (value: unknown): value is T =>
    words.some((word) => word === value);

export const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";

export const isTextOrNull = (value: unknown): value is string | null =>
  value === null || typeof value === "string";

const areIds = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((id) => typeof id === "string");

/** Set of ids in `localStorage`. Beyond `most`, the oldest are forgotten. */
export function useStoredIds(key: string, most: number) {
  const [ids, keep] = useStored<readonly string[]>(key, [], areIds);
  return {
    has: (id: string) => ids.includes(id),
    set: (id: string, on: boolean) =>
      keep((now) => [...now.filter((other) => other !== id), ...(on ? [id] : [])].slice(-most)),
  };
}
