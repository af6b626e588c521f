/** Single-key shortcuts outside text fields, which the user can disable. */
import { isBoolean, useStored } from "./use-stored";
import { useWindowEvent } from "./use-window-event";

export const useShortcutsOn = () => useStored("shortcuts", true, isBoolean);

/** Handler of a key. Returning `false` leaves the key to the focused element. */
export type Shortcuts = Record<string, (event: KeyboardEvent) => unknown>;

/** Keys 1 to 4, which stand for pictures. */
export const pictureKeys = (pick: (place: number) => void): Shortcuts =>
  Object.fromEntries([1, 2, 3, 4].map((place) => [place, () => pick(place)]));

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("textarea, select, input:not([type=radio], [type=checkbox])"));

/** Listens while mounted. A key that the focused control handles itself, such as an arrow, does not arrive here. */
export function useShortcuts(keys: Shortcuts, layer: "page" | "dialog" = "page"): void {
  const [on] = useShortcutsOn();
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const covered = document.querySelector("dialog[open]") !== null;
    if (typing(event.target) || covered !== (layer === "dialog")) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act && act(event) !== false) event.preventDefault();
  };
  useWindowEvent("keydown", press, { enabled: on });
}
