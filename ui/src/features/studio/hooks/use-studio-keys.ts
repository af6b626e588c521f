/** Keyboard shortcuts of the studio. */
import { useEffect, useEffectEvent, type RefObject } from "react";
import { useShortcuts, type Shortcuts } from "@/shared/hooks/use-shortcuts";
import { surrounds, useSurround } from "@/shared/hooks/use-surround";
import type { Slot } from "../components/candidate-tray";
import type { Mode } from "../components/stage-tools";
import type { Viewport } from "@/shared/stage/viewport";
import { zoomKeys } from "@/shared/stage/zoom-controls";
import { chosenOf, type Turn } from "../turns";
import { usePointer } from "./use-pointer";
import type { Selection } from "./use-selection";

type StudioKeys = {
  turns: readonly Turn[];
  slots: readonly Slot[];
  viewport: Viewport;
  selection: Selection;
  field: RefObject<HTMLTextAreaElement | null>;
  onMode: (mode: Mode) => void;
  onBlink: () => void;
  onCompare: () => void;
  onPeek: (peeking: boolean) => void;
  onAdopt: () => void;
  onExport: () => void;
  onVersions: () => void;
  onMatte: () => void;
  /** Undo and redo; null if there is nothing to undo. */
  onUndo: (() => void) | null;
  onRedo: (() => void) | null;
  /** Opens the list of shortcuts. */
  onList: () => void;
};

const PAN_PX = 60;

export function useStudioKeys({ turns, slots, viewport, selection, field, ...on }: StudioKeys): void {
  const [surround, setSurround] = useSurround();
  const pointer = usePointer();
  const place = (n: number) => {
    const slot = slots.find((other) => other.number.endsWith(`.${n}`) && other.state === "ready");
    if (slot) selection.pick(slot.key);
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
  const keys: Shortcuts = {
    o: () => document.querySelector<HTMLButtonElement>("#optimise")?.click(),
    "/": () => field.current?.focus(),
    a: on.onAdopt,
    e: on.onExport,
    t: on.onVersions,
    m: on.onMatte,
    s: () => on.onMode("single"),
    d: () => on.onMode("slider"),
    f: () => on.onMode("side"),
    b: on.onBlink,
    x: () => on.onMode("difference"),
    c: on.onCompare,
    z: () => viewport.actualSizeAt(pointer.current),
    ...zoomKeys(viewport),
    g: () =>
      setSurround(
        surrounds[(surrounds.findIndex((other) => other === surround) + 1) % surrounds.length] ?? "light",
      ),
    "`": () => place(0),
    1: () => place(1),
    2: () => place(2),
    3: () => place(3),
    4: () => place(4),
    "[": () => turn(-1),
    "]": () => turn(1),
    "\\": () => on.onPeek(true),
    "?": on.onList,
    ArrowLeft: pan(PAN_PX, 0),
    ArrowRight: pan(-PAN_PX, 0),
    ArrowUp: pan(0, PAN_PX),
    ArrowDown: pan(0, -PAN_PX),
  };
  useShortcuts(keys);

  useHistoryKeys(on.onUndo, on.onRedo);
  usePeekEnd(on.onPeek);
}

/** Undo and redo by Ctrl or Command, as everywhere. Not in text fields or below a dialog. */
function useHistoryKeys(onUndo: (() => void) | null, onRedo: (() => void) | null): void {
  const step = useEffectEvent((event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    const isText = event.target instanceof Element && event.target.matches("textarea, input, select");
    if (isText || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) onRedo?.();
    else onUndo?.();
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => step(event);
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

/** Ends the peek at the photo when its key is released. */
function usePeekEnd(onPeek: (peeking: boolean) => void): void {
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    const release = (event: KeyboardEvent) => {
      if (event.key === "\\") onPeek(false);
    };
    window.addEventListener("keyup", release, { signal });
    // A key released in another window, as after Alt-Tab, sends no event here.
    window.addEventListener("blur", () => onPeek(false), { signal });
    return () => listening.abort();
  }, [onPeek]);
}
