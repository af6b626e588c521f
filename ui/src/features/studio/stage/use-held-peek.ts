/** Peek at the photo while a finger is held on the picture. */
import { useEffect, useState } from "react";

/** The click that a released finger causes comes within this time, in milliseconds. */
const CLICK_MS = 100;

export function useHeldPeek(onTouch: () => void): [boolean, (held: boolean) => void] {
  const [held, setHeld] = useState(false);
  const peek = (now: boolean) => {
    setHeld(now);
    if (now) onTouch();
  };
  useEffect(() => {
    if (!held) return;
    const listening = new AbortController();
    const { signal } = listening;
    const lift = (event: Event) => {
      setHeld(false);
      if (event.type === "pointerup") swallowClick();
    };
    // Listen on the window, because the photo's pane has replaced the one under the finger.
    for (const name of ["pointerup", "pointercancel", "blur"])
      window.addEventListener(name, lift, { signal });
    window.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
    return () => listening.abort();
  }, [held]);
  return [held, peek];
}

/** Suppresses the click that follows, because the user only looked at the photo. */
function swallowClick(): void {
  const swallow = (click: Event) => click.stopPropagation();
  window.addEventListener("click", swallow, { capture: true });
  window.setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), CLICK_MS);
}
