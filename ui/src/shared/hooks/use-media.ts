/** Current result of a media query. */
import { useCallback, useSyncExternalStore } from "react";

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (notify: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", notify);
      return () => list.removeEventListener("change", notify);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** Below 640 px, on a phone, the studio shows less at once. */
export const usePhone = () => useMedia("(max-width: 639.98px)");

/** Below 1024 px the studio has one column, which the page scrolls. */
export const useOneColumn = () => useMedia("(max-width: 1023.98px)");
