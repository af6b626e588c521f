/** Keyboard shortcuts of the studio. */
import type { RefObject } from "react";
import { pictureKeys, useShortcuts, type Shortcuts } from "@/shared/hooks/use-shortcuts";
import { surrounds, useSurround } from "@/shared/stage/use-surround";
import { useWindowEvent } from "@/shared/hooks/use-window-event";
import type { Viewport } from "@/shared/stage/viewport";
import { zoomKeys } from "@/shared/stage/zoom-controls";
import { chosenOf, placeOf, type Turn } from "../turns";
import type { History } from "./use-history";
import { usePointer } from "./use-pointer";
import type { Selection } from "./use-selection";

type StudioKeys = {
  turns: readonly Turn[];
  viewport: Viewport;
  selection: Selection;
  field: RefObject<HTMLTextAreaElement | null>;
  history: History;
  onPeek: (peeking: boolean) => void;
};

const PAN_PX = 60;

/** Adds to the keys of the screen those that need only its state. */
export function useStudioKeys(
  { turns, viewport, selection, field, history, onPeek }: StudioKeys,
  keys: Shortcuts,
): void {
  const [surround, setSurround] = useSurround();
  const pointer = usePointer();
  const place = (n: number) => {
    const variant = selection.turn?.variants.find((other) => placeOf(other) === n);
    if (variant) selection.pick(variant.id);
  };
  const turn = (by: number) => {
    const made = turns.filter((other) => other.variants.length > 0);
    const at = made.findIndex((other) => other.job.id === selection.variant?.job_id);
    const next = made[at === -1 ? made.length - 1 : at + by];
    const variant = next && chosenOf(next);
    if (variant) selection.pick(variant.id);
  };
  const pan = (dx: number, dy: number) => (event: KeyboardEvent) => {
    // Arrow keys belong to the focused control, such as a radio button, the tray or the slider. A heading has no use
    // for them.
    if (event.target instanceof Element && !event.target.matches("body, h2, aside")) return false;
    viewport.panBy(dx, dy);
    return true;
  };
  useShortcuts({
    ...keys,
    o: () => document.querySelector<HTMLButtonElement>("#optimise")?.click(),
    "/": () => field.current?.focus(),
    z: () => viewport.actualSizeAt(pointer.current),
    ...zoomKeys(viewport),
    g: () =>
      setSurround(
        surrounds[(surrounds.findIndex((other) => other === surround) + 1) % surrounds.length] ?? "light",
      ),
    "`": () => place(0),
    ...pictureKeys(place),
    "[": () => turn(-1),
    "]": () => turn(1),
    "\\": () => onPeek(true),
    ArrowLeft: pan(PAN_PX, 0),
    ArrowRight: pan(-PAN_PX, 0),
    ArrowUp: pan(0, PAN_PX),
    ArrowDown: pan(0, -PAN_PX),
  });
  useHistoryKeys(history);
  // The peek at the photo ends when its key is released.
  useWindowEvent("keyup", (event) => {
    if (event.key === "\\") onPeek(false);
  });
  // A key released in another window, as after Alt-Tab, sends no event here.
  useWindowEvent("blur", () => onPeek(false));
}

/** Undo and redo by Ctrl or Command, as everywhere. Not in text fields or below a dialog. */
function useHistoryKeys({ undo, redo }: History): void {
  useWindowEvent("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    const isText = event.target instanceof Element && event.target.matches("textarea, input, select");
    if (isText || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) redo?.();
    else undo?.();
  });
}
