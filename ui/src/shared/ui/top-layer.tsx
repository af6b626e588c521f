/** What must be seen and heard above all else: on the page, or in the dialog that covers it. */
import { useLayoutEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { createPortal } from "react-dom";

/** The open dialogs, the topmost last; all that lies under it is inert. */
const layers: HTMLElement[] = [];
const listeners = new Set<() => void>();
const notify = () => listeners.forEach((each) => each());

/** Puts an open dialog on top until the returned function is called. */
export function addLayer(element: HTMLElement): () => void {
  layers.push(element);
  notify();
  return () => {
    layers.splice(layers.indexOf(element), 1);
    notify();
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What can be reached now: the topmost dialog, or the page. */
export const topmost = () => layers.at(-1) ?? document.body;

/** One element that moves to whatever is on top, because a region that is made anew is not read aloud. */
export function TopLayer({ children }: { children: ReactNode }) {
  const layer = useSyncExternalStore(subscribe, topmost);
  const [place] = useState(() => document.createElement("div"));
  useLayoutEffect(() => {
    layer.append(place);
    return () => place.remove();
  }, [layer, place]);
  return createPortal(children, place);
}
