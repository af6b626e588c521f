/** Menus in popovers, which the browser closes on Escape, on a press outside and when another one opens. */
import { useId, useRef, type KeyboardEvent, type ToggleEvent } from "react";
import { IconButton } from "../button";
import { Icon, type IconName } from "../icon";

const GAP_PX = 8;

/** Classes of a menu's items. */
export const menuItem =
  "flex h-9 w-full items-center gap-2.5 px-3 text-left text-body hover:bg-hover focus-visible:bg-hover pointer-coarse:h-11";

/** Properties of a menu's list and of the button that opens it, and the function that closes it. */
export function useMenu(label: string) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const close = () => list.current?.hidePopover();
  /** Opens to the sides of the button with more room. A popover is not clipped by scrolling containers. */
  const place = ({ newState }: ToggleEvent) => {
    if (newState !== "open" || !button.current || !list.current) return;
    const { left, right, top, bottom } = button.current.getBoundingClientRect();
    const isAbove = top > window.innerHeight - bottom;
    const isLeft = left > window.innerWidth - right;
    const room = isAbove ? top : window.innerHeight - bottom;
    const edge = `${window.innerHeight - room + GAP_PX}px`;
    Object.assign(list.current.style, {
      left: isLeft ? "auto" : `${Math.max(GAP_PX, left)}px`,
      right: isLeft ? `${Math.max(GAP_PX, window.innerWidth - right)}px` : "auto",
      top: isAbove ? "auto" : edge,
      bottom: isAbove ? edge : "auto",
      maxHeight: `${room - 2 * GAP_PX}px`,
    });
    window.addEventListener("scroll", close, { once: true });
  };
  const focusItem = ({ newState }: ToggleEvent) => {
    const item = list.current?.querySelector("[aria-checked=true]") ?? list.current?.querySelector("button");
    if (newState === "open" && item instanceof HTMLElement) item.focus({ preventScroll: true });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Tab") close();
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const at = buttons.findIndex((other) => other === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[(to + buttons.length) % buttons.length]?.focus();
  };
  return {
    close,
    buttonProps: { ref: button, popoverTarget: id, "aria-haspopup": "menu" as const },
    listProps: {
      ...{ ref: list, id, popover: "auto" as const, role: "menu", tabIndex: -1, "aria-label": label },
      ...{ onBeforeToggle: place, onToggle: focusItem, onKeyDown: press },
      className:
        "fixed inset-auto m-0 min-w-36 overflow-y-auto rounded-control border border-line bg-panel py-1 text-ink shadow-menu",
    },
  };
}

type MenuItem = { icon: IconName; label: string; onPick: () => void; danger?: boolean };

/** Overflow menu behind three dots. */
export function Menu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  const { close, buttonProps, listProps } = useMenu(label);
  return (
    <>
      <IconButton {...buttonProps} name="more" label={label} className="-mt-1.5 -mr-1.5" />
      <div {...listProps}>
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            className={`${menuItem} ${item.danger ? "text-fail" : ""}`}
            onClick={() => {
              close();
              item.onPick();
            }}
          >
            <Icon name={item.icon} size={14} />
            {item.label}
          </button>
        ))}
      </div>
    </>
  );
}
