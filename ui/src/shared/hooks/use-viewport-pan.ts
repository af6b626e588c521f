/** Pan of the visible part of the page, as a soft keyboard moves it down. */
import { useSyncExternalStore } from "react";

/**
 * Returns the pan in px. Browsers that lay a soft keyboard over the page, such as Safari on iOS, pan to the focused
 * field, and what is sticky leaves the screen. Pinch zoom pans too, and does not count.
 */
export const useViewportPan = () => useSyncExternalStore(subscribe, pan);

const pan = () => {
  const { visualViewport: view } = window;
  return view && view.scale < 1.01 ? Math.round(view.offsetTop) : 0;
};

function subscribe(notify: () => void): () => void {
  const { visualViewport: view } = window;
  view?.addEventListener("scroll", notify);
  view?.addEventListener("resize", notify);
  return () => {
    view?.removeEventListener("scroll", notify);
    view?.removeEventListener("resize", notify);
  };
}
