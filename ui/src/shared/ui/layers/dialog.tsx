/** Modal dialog based on the native element, which traps the focus, returns it, and closes on Escape and on "back". */
import { useEffectEvent, useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "../../i18n/translation";
import { IconButton } from "../button";
import "./dialog-history";
import { addLayer } from "./top-layer";

type DialogProps = {
  title: ReactNode;
  lead?: ReactNode;
  onClose: () => void;
  /**
   * `small` for one question, `wide` for a workplace, `full` for the window, `sheet` for a panel at the foot of a
   * phone.
   */
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
  const { t } = useTranslation();
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const pressed = useRef<EventTarget | null>(null);
  const back = useEffectEvent(onClose);
  // Before the element is removed, because only a connected dialog returns the focus when it closes.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return;
    element.showModal();
    // Focus the dialog itself, so that its title is read first and no control shows a focus ring.
    element.focus();
    const remove = addLayer({ element, close: () => back() });
    return () => {
      remove();
      element.close();
    };
  }, []);
  return (
    // Clicking the backdrop is the pointer's equivalent of Escape, which the element handles itself.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      tabIndex={-1}
      aria-labelledby={titleId}
      className={`overflow-clip bg-panel p-0 text-ink outline-none ${frames[size]} open:flex open:flex-col`}
      onKeyDown={({ key, nativeEvent }) => {
        // This Escape ends an input method's composition.
        if (key === "Escape" && nativeEvent.isComposing) nativeEvent.preventDefault();
      }}
      onCancel={(event) => {
        // A dialog inside this one cancels itself, as does a file chooser that is closed.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        pressed.current = event.target;
      }}
      onClick={(event) => {
        // A drag that began inside, as when selecting text, also ends with a click on the backdrop.
        if (event.target === dialog.current && pressed.current === dialog.current) onClose();
      }}
    >
      <header className="flex shrink-0 items-center gap-3 border-b border-line py-2.5 pr-3 pl-6 max-sm:pl-4">
        <h2
          id={titleId}
          className={`min-w-0 font-semibold break-words ${size === "wide" || size === "full" ? "text-title" : "text-lead"}`}
        >
          {title}
        </h2>
        {lead && <p className="min-w-0 flex-1 truncate text-body text-ink-3 max-sm:hidden">{lead}</p>}
        <IconButton name="close" label={t.common.close} className="ml-auto self-start" onClick={onClose} />
      </header>
      {children}
    </dialog>
  );
}
