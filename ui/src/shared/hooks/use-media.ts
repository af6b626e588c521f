/** Whether a media query holds now. */
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

/** Below 640 px the studio is one column with a docked panel. */
export const usePhone = () => useMedia("(max-width: 639.98px)");
/** From 1024 px on the panel stands beside the stage; from 640 px when the screen lies down. */
export const useWide = () => useMedia("(min-width: 1024px), (min-width: 640px) and (orientation: landscape)");
