/** Selected item of a batch: the first one to review, until the user selects another by pointer or arrow keys. */
import { useState } from "react";
import { isDecidable, isIn, nextToReview, type Group } from "../items";
import type { Item } from "../queries";

export function useItemChoice(items: readonly Item[], group: Group) {
  const [selected, select] = useState<string | null>(null);
  const visible = items.filter(({ status }) => isIn(group, status));
  const at = visible.findIndex(({ id }) => id === selected);

  // Selects the first item to review as soon as there is one, and never changes a selection that the user made.
  const first = selected === null ? (nextToReview(items, null) ?? items.find(isDecidable)?.id ?? null) : null;
  if (first !== null) select(first);

  const move = (to: string | null) => {
    if (to === null) return;
    select(to);
    const option = document.querySelector<HTMLElement>(`[data-item="${to}"]`);
    option?.scrollIntoView({ block: "nearest" });
    if (option?.parentElement?.contains(document.activeElement)) option.focus();
  };
  const step = (by: () => number) => (event: KeyboardEvent) => {
    // Radio buttons and sliders handle the arrow keys themselves.
    if (event.target instanceof HTMLInputElement) return false;
    if (event.target instanceof Element && event.target.closest("[role=slider]")) return false;
    move(visible[Math.min(visible.length - 1, Math.max(0, at + by()))]?.id ?? null);
    return true;
  };
  return {
    visible,
    item: items.find(({ id }) => id === selected) ?? null,
    /** Item that takes the keyboard focus of the grid. */
    focusable: at < 0 ? visible[0]?.id : selected,
    select,
    next: () => move(nextToReview(items, selected)),
    arrows: {
      ArrowRight: step(() => 1),
      ArrowLeft: step(() => -1),
      ArrowDown: step(columns),
      ArrowUp: step(() => -columns()),
    },
  };
}

/** Number of grid columns at the current width. */
function columns(): number {
  const grid = document.querySelector('[role="listbox"]');
  return grid ? getComputedStyle(grid).gridTemplateColumns.split(" ").length : 1;
}
