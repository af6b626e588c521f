/** Standing wishes: which apply to a picture, and the request that changes them. */
import type { Session, Variant, Schemas } from "@/api/client";

export type Wish = Schemas["Wish"];

/** Line of an edited list; a new one has no id. */
export type WishLine = Pick<Wish, "text"> & Partial<Pick<Wish, "id" | "turn">>;

/** Wishes that apply to a picture; without one, those of the newest picture. */
export function wishesOf(session: Session, variant: Variant | null): readonly Wish[] {
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

/** The current list with a removed wish restored. */
export const withRestored = (wishes: readonly Wish[], removed: Wish): WishLine[] =>
  [...wishes.filter((wish) => wish.id !== removed.id), removed].map(line);

/** Request body: the list, the picture that it belongs to, and the version that was seen. */
export function changeOf(
  lines: readonly WishLine[],
  seen: readonly Wish[],
  variant: Variant | null,
): Schemas["SessionChange"] {
  return {
    context: {
      wishes: lines.map(({ id, text, turn = 0 }) => ({ id: id ?? null, text, turn, locked: false })),
      seen: seen.map(({ id }) => id),
      variant_id: variant?.id ?? null,
    },
  };
}
