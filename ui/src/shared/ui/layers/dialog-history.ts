/** One history entry per open dialog, at the page's own address, so that "back" closes the topmost dialog. */

/** Functions that close the open dialogs, topmost last. */
const open: (() => void)[] = [];
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
  isReturning = depth() > open.length;
  if (isReturning) history.go(open.length - depth());
  // The page scrolls on its own when a dialog closes; the browser must not restore the place of before.
  else history.scrollRestoration = open.length > 0 ? "manual" : "auto";
  while (depth() < open.length) history.pushState({ dialogs: depth() + 1 }, "");
}

window.addEventListener("popstate", () => {
  if (!isReturning)
    open
      .slice(depth())
      .toReversed()
      .forEach((close) => close());
  isReturning = false;
  // After React has removed them: one that stays open gets its entry again.
  queueMicrotask(settle);
});
queueMicrotask(settle);

/** Registers an open dialog. Returns the function that removes it. */
export function addToHistory(close: () => void): () => void {
  open.push(close);
  // Once for a dialog that opens as another one closes.
  queueMicrotask(settle);
  return () => {
    open.splice(open.indexOf(close), 1);
    queueMicrotask(settle);
  };
}
