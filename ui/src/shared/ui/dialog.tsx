/** A layer above the page. The browser's own dialog traps focus, returns it, and closes on Escape. */
import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { useSpeech } from "../i18n/words";
import { IconButton } from "./button";
import { addLayer } from "./top-layer";

type DialogProps = {
  title: ReactNode;
  lead?: ReactNode;
  onClose: () => void;
  /** `small` asks one thing, `wide` is a workplace, `full` takes the window, `sheet` comes from the foot of a phone. */
  size?: "small" | "wide" | "full" | "sheet";
  children: ReactNode;
};

const frames = {
  small: "m-auto w-[min(440px,calc(100vw-32px))] rounded-dialog shadow-dialog",
  wide: "m-auto h-[min(716px,calc(100dvh-48px))] w-[min(1200px,calc(100vw-48px))] rounded-dialog shadow-dialog max-sm:m-0 max-sm:h-dvh max-sm:max-h-none max-sm:w-screen max-sm:max-w-none max-sm:rounded-none",
  full: "m-0 h-dvh max-h-none w-screen max-w-none",
  sheet: "mx-0 mt-auto mb-0 max-h-[80dvh] w-screen max-w-none rounded-t-dialog shadow-dialog",
};

export function Dialog({ title, lead, onClose, size = "small", children }: DialogProps) {
  const { t } = useSpeech();
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const pressed = useRef<EventTarget | null>(null);
  // Before the element goes: only a dialog that is still in the page gives the focus back when it closes.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    element.showModal();
    // The layer itself takes the focus: what it is gets read first, and no control wears a ring unasked.
    element.focus();
    const removeLayer = addLayer(element);
    return () => {
      removeLayer();
      element.close();
    };
  }, []);
  return (
    // A press on the backdrop is a pointer's shortcut for Escape, which the element handles itself.
    // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events, jsx-a11y-x/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      tabIndex={-1}
      aria-labelledby={titleId}
      className={`overflow-clip bg-panel p-0 text-ink outline-none ${frames[size]} open:flex open:flex-col`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        pressed.current = event.target;
      }}
      onClick={(event) => {
        // Dragged out of a text, as to select it, a press ends on the backdrop too.
        if (event.target === dialog.current && pressed.current === dialog.current) onClose();
      }}
    >
      <header className="flex shrink-0 items-center gap-3 border-b border-line py-2.5 pr-3 pl-6 max-sm:pl-4">
        <h2
          id={titleId}
          className={
            size === "wide" || size === "full" ? "text-title font-semibold" : "text-lead font-semibold"
          }
        >
          {title}
        </h2>
        {lead && <p className="min-w-0 flex-1 truncate text-body text-ink-3 max-sm:hidden">{lead}</p>}
        <IconButton name="close" label={t.common.close} className="ml-auto" onClick={onClose} />
      </header>
      {children}
    </dialog>
  );
}
