/** Calls a function when a value changes, not on the first render. */
import { useEffect, useEffectEvent, useRef } from "react";

export function useOnChange(value: unknown, act: () => void): void {
  const known = useRef(value);
  const changed = useEffectEvent(act);
  useEffect(() => {
    if (value === known.current) return;
    known.current = value;
    changed();
  }, [value]);
}
