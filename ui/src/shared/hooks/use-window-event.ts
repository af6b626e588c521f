/** Listens to an event of the window while mounted. */
import { useEffect, useEffectEvent } from "react";

type Options = { enabled?: boolean; capture?: boolean };

/** The handler may differ on each render; the latest one is called. */
export function useWindowEvent<Name extends keyof WindowEventMap>(
  name: Name,
  handler: (event: WindowEventMap[Name]) => void,
  { enabled = true, capture = false }: Options = {},
): void {
  const handle = useEffectEvent(handler);
  useEffect(() => {
    if (!enabled) return;
    const listen = (event: WindowEventMap[Name]) => handle(event);
    window.addEventListener(name, listen, capture);
    return () => window.removeEventListener(name, listen, capture);
  }, [name, enabled, capture]);
}
