/** Top layer for toasts and announcements: the page, or the dialog that covers it. */
import { useLayoutEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { createPortal } from "react-dom";

type Layer = { element: HTMLElement; close: () => void };

/** Open dialogs, topmost last. Everything below the topmost is inert. */
const layers: Layer[] = [];
const listeners = new Set<() => void>();
const notify = () => listeners.forEach((each) => each());

/** Registers an open dialog. Returns the function that removes it. */
export function addLayer(layer: Layer): () => void {
  layers.push(layer);
  notify();
  return () => {
    layers.splice(layers.indexOf(layer), 1);
    notify();
  };
}

export const openLayers = (): readonly Layer[] => layers;

/** Calls the listener when a dialog opens or closes. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The topmost dialog, or the page. */
export const topmost = () => layers.at(-1)?.element ?? document.body;

export const useTopmost = () => useSyncExternalStore(subscribe, topmost);

/** Moves one element to the topmost layer, because screen readers do not announce a newly created live region. */
export function TopLayer({ children }: { children: ReactNode }) {
  const layer = useTopmost();
  const [place] = useState(() => document.createElement("div"));
  useLayoutEffect(() => {
    layer.append(place);
    return () => place.remove();
  }, [layer, place]);
  return createPortal(children, place);
}
