/** Filter and order of the product grid. */
import type { Schemas } from "@/api/client";

type Session = Schemas["Session"];

/** From this number of products on, sample photos are offered only on phones. */
export const MAX_FOR_SAMPLES = 3;

/**
 * Cover of a product: the adopted picture, otherwise the first of the newest turn, as in the studio, otherwise the
 * photo.
 */
export function coverOf(session: Session): Schemas["Image"] {
  const byAge = session.variants.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  const newest = byAge.at(-1);
  const first = byAge
    .filter(({ job_id, role }) => job_id === newest?.job_id && role === "candidate")
    .toSorted((a, b) => a.ordinal - b.ordinal)[0];
  return (byAge.findLast((variant) => variant.adopted) ?? first ?? newest)?.image ?? session.image;
}

export const orders = ["recent", "name"] as const;
export type Order = (typeof orders)[number];

/** Products whose title contains every word, in any order. */
export function searchProducts(sessions: readonly Session[], words: string): Session[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return sessions.filter(({ title }) => wanted.every((word) => title.toLowerCase().includes(word)));
}

/** Sorts the products. The server's order is by last change. */
export const sortProducts = (sessions: readonly Session[], order: Order, tag: string): Session[] =>
  order === "recent"
    ? [...sessions]
    : sessions.toSorted((a, b) => a.title.localeCompare(b.title, tag, { numeric: true }));
