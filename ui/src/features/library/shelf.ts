/** Filter and order of the product grid. */
import type { Session, Schemas } from "@/api/client";
import type { UploadRow } from "@/shared/photos/upload-row";

const onTheirWay = new Set<UploadRow["state"]>(["checking", "waiting", "sending", "opening"]);

/**
 * Divides uploads into cards of the grid and rows of a list. Cards hold the places of the products from the start, the
 * first photo last, because the newest product stands first. A single photo without a grid is listed.
 */
export function placesOf(rows: readonly UploadRow[], products: number) {
  const cards = rows.filter(({ state }) => onTheirWay.has(state)).toReversed();
  return products > 0 || cards.length > 1
    ? { cards, listed: rows.filter((row) => !cards.includes(row)) }
    : { cards: [], listed: rows };
}

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
