/** Tooltip: on hover, on focus, and on tap where there is no hover. */
import { useId, useLayoutEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { createPortal } from "react-dom";
import { useWindowEvent } from "../../hooks/use-window-event";

type TooltipProps = {
  /** Accessible name of the trigger, needed if its content is only an icon. */
  label?: string;
  trigger: ReactNode;
  children: ReactNode;
};

const GAP_PX = 8;
const MARGIN_PX = 12;

export function Tooltip({ label, trigger, children }: TooltipProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [pinned, setPinned] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const shown = open || pinned;
  const close = () => {
    setOpen(false);
    setPinned(false);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={label}
        aria-describedby={shown ? id : undefined}
        aria-expanded={shown}
        className="relative -my-0.5 inline-flex min-h-6 min-w-6 items-center rounded-tag text-left after:absolute after:-inset-2 after:content-[''] pointer-coarse:after:-inset-4"
        onPointerEnter={(event) => event.pointerType === "mouse" && setOpen(true)}
        onPointerLeave={() => setOpen(false)}
        onFocus={(event) => event.target.matches(":focus-visible") && setOpen(true)}
        onBlur={close}
        onClick={() => setPinned(!pinned)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || !shown) return;
          event.stopPropagation();
          // Otherwise it also closes a dialog around.
          event.preventDefault();
          close();
        }}
      >
        {trigger}
      </button>
      {shown && (
        <Box id={id} anchor={button} onLeave={close}>
          {children}
        </Box>
      )}
    </>
  );
}

type BoxProps = {
  id: string;
  anchor: RefObject<HTMLElement | null>;
  onLeave: () => void;
  children: ReactNode;
};

/** Above the trigger, below it where there is no room, always within the window. */
function Box({ id, anchor, onLeave, children }: BoxProps) {
  const box = useRef<HTMLDivElement>(null);
  const [layer] = useState(() => anchor.current?.closest("dialog") ?? document.body);
  useLayoutEffect(() => {
    if (!box.current || !anchor.current) return;
    const at = anchor.current.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height, style } = box.current;
    const left = Math.min(at.left, window.innerWidth - width - MARGIN_PX);
    const above = at.top - GAP_PX - height;
    style.left = `${Math.max(MARGIN_PX, left)}px`;
    style.top = `${above >= MARGIN_PX ? above : at.bottom + GAP_PX}px`;
  });
  useWindowEvent("scroll", onLeave, { capture: true });
  return createPortal(
    <div
      ref={box}
      id={id}
      role="tooltip"
      className="fixed z-(--z-tooltip) w-max max-w-[min(320px,calc(100vw-24px))] rounded-control border border-line bg-panel px-3 py-2.5 text-data whitespace-normal text-ink shadow-menu"
    >
      {children}
    </div>,
    layer,
  );
}
