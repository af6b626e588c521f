/** Favourite pictures, kept in this browser. */
import { useStoredIds } from "@/shared/hooks/use-stored";

const MAX_STORED = 500;

export const useFavourites = () => useStoredIds("favourites", MAX_STORED);
