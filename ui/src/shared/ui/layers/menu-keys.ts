/** Arrow key navigation in a menu. */
import type { KeyboardEvent } from "react";

/** Moves the focus among the menu's buttons. Other keys are left alone. */
export function moveInMenu(event: KeyboardEvent, menu: HTMLElement | null): void {
  const buttons = [...(menu?.querySelectorAll("button") ?? [])];
  const at = buttons.findIndex((other) => other === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  buttons[(to + buttons.length) % buttons.length]?.focus();
}
