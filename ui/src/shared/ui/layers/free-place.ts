/** Collision avoidance for toasts: the nearest place on the screen where one covers no control. */

type Box = Readonly<Record<"left" | "top" | "right" | "bottom", number>>;

const GAP_PX = 8;
const CONTROLS = "a[href], button, input, select, textarea, [role=option], [tabindex='0']";

const overlap = (a: Box, b: Box) =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

/**
 * Returns the top edge for a box in a window of this height: the nearest to its own where it covers none of these
 * controls, otherwise where it covers the smallest shares of them.
 */
export function freeTop(box: Box, controls: readonly Box[], windowHeight: number): number {
  // A DOMRect has no properties of its own to spread.
  const { left, right } = box;
  const height = box.bottom - box.top;
  const last = windowHeight - height - GAP_PX;
  const around = controls.flatMap(({ top, bottom }) => [bottom + GAP_PX, top - GAP_PX - height]);
  const covered = (top: number) =>
    controls.reduce((sum, control) => {
      const area = (control.right - control.left) * (control.bottom - control.top);
      return sum + overlap({ left, right, top, bottom: top + height }, control) / area;
    }, 0);
  const tops = [box.top, ...around.filter((top) => top >= GAP_PX && top <= last)];
  const [best] = tops
    .map((top) => ({ top, share: covered(top), way: Math.abs(top - box.top) }))
    .sort((a, b) => a.share - b.share || a.way - b.way);
  return best?.top ?? box.top;
}

/** Moves an element up or down to where it covers no control of the layer, until the returned function is called. */
export function keepFree(element: HTMLElement, layer: HTMLElement): () => void {
  move(element, layer);
  const look = () => {
    // Keeps its place while it is pointed at or has the focus.
    if (!element.matches(":hover, :focus-within")) move(element, layer);
  };
  const watcher = new MutationObserver(look);
  watcher.observe(layer, { childList: true, subtree: true });
  window.addEventListener("resize", look);
  document.addEventListener("scrollend", look, true);
  return () => {
    watcher.disconnect();
    window.removeEventListener("resize", look);
    document.removeEventListener("scrollend", look, true);
  };
}

function move(element: HTMLElement, layer: HTMLElement): void {
  element.style.translate = "none";
  const box = element.getBoundingClientRect();
  const controls = [...layer.querySelectorAll(CONTROLS)]
    .filter((control) => !element.contains(control))
    .map((control) => control.getBoundingClientRect())
    // One pixel wide is a control that only screen readers find.
    .filter(({ width, height }) => width > 1 && height > 1);
  element.style.translate = `0 ${freeTop(box, controls, window.innerHeight) - box.top}px`;
}
