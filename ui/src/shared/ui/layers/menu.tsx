/** Overflow menu behind three dots. */
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { useWindowEvent } from "../../hooks/use-window-event";
import { IconButton } from "../button";
import { Icon, type IconName } from "../icon";
import { moveInMenu } from "./menu-keys";

type MenuItem = { icon: IconName; label: string; onPick: () => void; danger?: boolean };

export function Menu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (open) list.current?.querySelector("button")?.focus();
  }, [open]);
  const outside = ({ target }: PointerEvent) => {
    if (!root.current?.contains(target as Node)) setOpen(false);
  };
  useWindowEvent("pointerdown", outside, { enabled: open });

  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      setOpen(false);
      button.current?.focus();
      return;
    }
    moveInMenu(event, list.current);
  };

  return (
    // Closes when the focus leaves; the controls are the buttons inside.
    // eslint-disable-next-line jsx-a11y-x/no-static-element-interactions
    <div
      ref={root}
      className="relative shrink-0"
      onBlur={(event) => {
        if (event.relatedTarget && !root.current?.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <IconButton
        ref={button}
        name="more"
        label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        className="-mt-1.5 -mr-1.5"
        onClick={() => setOpen(!open)}
      />
      {open && (
        <div
          ref={list}
          id={id}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          onKeyDown={press}
          className="absolute top-full right-0 z-(--z-menu) min-w-36 rounded-control border border-line bg-panel py-1 shadow-menu"
        >
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              className={`flex h-9 w-full items-center gap-2.5 px-3 text-left text-body hover:bg-hover focus-visible:bg-hover pointer-coarse:h-11 ${item.danger ? "text-fail" : ""}`}
              onClick={() => {
                setOpen(false);
                button.current?.focus();
                item.onPick();
              }}
            >
              <Icon name={item.icon} size={14} />
              {item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
