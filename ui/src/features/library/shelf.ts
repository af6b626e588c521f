/** Which products are shown, and in what order. */
import type { Schemas } from "@/api/client";

type Session = Schemas["Session"];

/** Whoever has so many products needs no samples, unless they have come by phone. */
export const FEW = 3;

/** The adopted picture, else the first of the newest step, as the studio opens with it, else the photo. */
export function faceOf(session: Session): Schemas["Image"] {
  const byAge = session.variants.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  const newest = byAge.at(-1);
  const first = byAge
    .filter(({ job_id, role }) => job_id === newest?.job_id && role === "candidate")
    .toSorted((a, b) => a.ordinal - b.ordinal)[0];
  return (byAge.findLast((variant) => variant.adopted) ?? first ?? newest)?.image ?? session.image;
}

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
