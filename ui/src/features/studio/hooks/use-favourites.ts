/** Favourite pictures, kept in this browser. */
import { useStored } from "@/shared/hooks/use-stored";

const MAX_STORED = 500;

const isIds = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((id) => typeof id === "string");

export function useFavourites() {
  const [ids, keep] = useStored<readonly string[]>("favourites", [], isIds);
  return {
    has: (variantId: string) => ids.includes(variantId),
    toggle: (variantId: string) => {
      const others = ids.filter((id) => id !== variantId);
      keep(ids.includes(variantId) ? others : [...others, variantId].slice(-MAX_STORED));
    },
  };
}
