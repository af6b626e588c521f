/** Which products are shown, and in what order. */
import type { Schemas } from "@/api/client";

type Session = Schemas["Session"];

export const orders = ["recent", "name"] as const;
export type Order = (typeof orders)[number];

/** Products whose name holds all the words, wherever they stand in it. */
export function found(sessions: readonly Session[], words: string): Session[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return sessions.filter(({ title }) => wanted.every((word) => title.toLowerCase().includes(word)));
}

/** The server's order is by the last change. */
export const ordered = (sessions: readonly Session[], order: Order, tag: string): Session[] =>
  order === "recent"
    ? [...sessions]
    : sessions.toSorted((a, b) => a.title.localeCompare(b.title, tag, { numeric: true }));
