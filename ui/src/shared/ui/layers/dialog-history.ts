/** One history entry per open dialog, at the page's own address, so that "back" closes the topmost dialog. */
import { openLayers, subscribe } from "./top-layer";

/** True until a traversal of our own has arrived. */
let isReturning = false;

const isMarked = (state: unknown): state is { dialogs: number } =>
  typeof state === "object" && state !== null && "dialogs" in state;

/** Number of dialogs for which the present entry stands. */
function depth(): number {
  const state: unknown = history.state;
  return isMarked(state) ? state.dialogs : 0;
}

/** Adds missing entries, and leaves those of closed dialogs, also after "forward", a reload or a link. */
function settle(): void {
  if (isReturning) return;
  isReturning = depth() > openLayers().length;
  if (isReturning) history.go(openLayers().length - depth());
  // The page scrolls on its own when a dialog closes; the browser must not restore the place of before.
  else history.scrollRestoration = openLayers().length > 0 ? "manual" : "auto";
  while (depth() < openLayers().length) history.pushState({ dialogs: depth() + 1 }, "");
}

window.addEventListener("popstate", () => {
  if (!isReturning)
    openLayers()
      .slice(depth())
      .toReversed()
      .forEach(({ close }) => close());
  isReturning = false;
  // After React has removed them: one that stays open gets its entry again.
  queueMicrotask(settle);
});
queueMicrotask(settle);
// A dialog that opens as another one closes takes over its entry.
subscribe(() => queueMicrotask(settle));
