/**
 * Roving tabindex: a group of controls is one tab stop, and arrow keys move the focus inside it (WAI-ARIA Authoring
 * Practices, "Keyboard navigation inside components").
 */
import { useCallback, useRef, type FocusEvent, type KeyboardEvent } from "react";

/** A text field keeps its arrow keys, and radio buttons and menus move the focus themselves. */
const CONTROLS = "button:enabled:not([role^=menuitem]), a[href], input:enabled:is([type=file], [type=color])";
const CURRENT = "[aria-current=true]";

const controlsIn = (group: Element) => [...group.querySelectorAll<HTMLElement>(CONTROLS)];

/** Returns properties for the element around the controls. */
export function useRovingFocus() {
  /** Control that had the focus last. */
  const last = useRef<HTMLElement | undefined>(undefined);
  const arrange = useCallback((group: Element) => {
    const controls = controlsIn(group);
    const current = group.contains(document.activeElement)
      ? undefined
      : controls.find((control) => control.matches(CURRENT));
    const stop = current ?? controls.find((control) => control === last.current) ?? controls[0];
    for (const control of controls) control.tabIndex = control === stop ? 0 : -1;
  }, []);
  const ref = useCallback(
    (group: HTMLElement | null) => {
      if (!group) return;
      arrange(group);
      const watcher = new MutationObserver(() => arrange(group));
      const attributeFilter = ["disabled", "aria-current"];
      watcher.observe(group, { childList: true, subtree: true, attributes: true, attributeFilter });
      return () => watcher.disconnect();
    },
    [arrange],
  );
  const onFocus = ({ target, currentTarget }: FocusEvent<HTMLElement>) => {
    // After a text field the tab key goes on to the control behind it.
    last.current = controlsIn(currentTarget).find(
      (control) => control === target || target.compareDocumentPosition(control) & FOLLOWING,
    );
    arrange(currentTarget);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = nextOf(controlsIn(event.currentTarget), event.target as HTMLElement, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return { ref, onFocus, onKeyDown };
}

const FOLLOWING = 4; // Node.DOCUMENT_POSITION_FOLLOWING

/** Control that a key leads to: sideways in reading order and round, up and down to the nearest of the next row. */
function nextOf(controls: readonly HTMLElement[], from: HTMLElement, key: string): HTMLElement | undefined {
  const at = controls.indexOf(from);
  if (at < 0) return undefined;
  switch (key) {
    case "ArrowRight":
      return controls[(at + 1) % controls.length];
    case "ArrowLeft":
      return controls.at(at - 1);
    case "Home":
      return controls[0];
    case "End":
      return controls.at(-1);
    case "ArrowDown":
      return nearest(from, controls.slice(at + 1), (a, b) => b.top - a.bottom);
    case "ArrowUp":
      return nearest(from, controls.slice(0, at).reverse(), (a, b) => a.top - b.bottom);
    default:
      return undefined;
  }
}

/** The nearest control whose distance along the way is not negative; of one row, the nearest sideways. */
function nearest(
  from: HTMLElement,
  others: readonly HTMLElement[],
  distance: (from: DOMRect, to: DOMRect) => number,
): HTMLElement | undefined {
  const here = from.getBoundingClientRect();
  const [first] = others
    .map((control) => ({ control, box: control.getBoundingClientRect() }))
    .map(({ control, box }) => ({
      control,
      way: distance(here, box),
      aside: Math.abs(box.left - here.left),
    }))
    .filter(({ way }) => way >= 0)
    .sort((a, b) => a.way - b.way || a.aside - b.aside);
  return first?.control;
}
