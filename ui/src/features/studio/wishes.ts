/** The list of standing wishes: whose it is, and what an edited one looks like on the wire. */
import type { Schemas } from "@/api/client";

export type Wish = Schemas["Wish"];

/** A line of the edited list; one without an id is new. */
export type WishLine = Pick<Wish, "text"> & Partial<Pick<Wish, "id" | "turn">>;

/** What holds when going on from a picture; without one, from the newest. */
export function wishesOf(session: Schemas["Session"], variant: Schemas["Variant"] | null): readonly Wish[] {
  const { paths, wishes } = session.context;
  return (variant && paths?.[variant.job_id]) ?? wishes;
}

const line = ({ id, text, turn }: Wish): WishLine => ({ id, text, turn });

export const reworded = (wishes: readonly Wish[], id: string, text: string): WishLine[] =>
  wishes.map((wish) => (wish.id === id ? { ...line(wish), text } : line(wish)));

export const without = (wishes: readonly Wish[], id: string): WishLine[] =>
  wishes.filter((wish) => wish.id !== id).map(line);

export const withOneMore = (wishes: readonly Wish[], text: string): WishLine[] => [
  ...wishes.map(line),
  { text },
];

/** The list of now with a removed wish in it again. */
export const withOneBack = (wishes: readonly Wish[], removed: Wish): WishLine[] =>
  [...wishes.filter((wish) => wish.id !== removed.id), removed].map(line);

/** What goes to the server: the list, whose it is, and what was seen of it. */
export function changeOf(
  lines: readonly WishLine[],
  seen: readonly Wish[],
  variant: Schemas["Variant"] | null,
): Schemas["SessionChange"] {
  return {
    context: {
      wishes: lines.map(({ id, text, turn = 0 }) => ({ id: id ?? null, text, turn, locked: false })),
      seen: seen.map(({ id }) => id),
      variant_id: variant?.id ?? null,
    },
  };
}
