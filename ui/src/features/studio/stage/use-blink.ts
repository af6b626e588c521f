/**
 * Blink comparison: alternates two pictures by timer, or by hand if the user prefers reduced motion or stopped it.
 */
import { useEffect, useState } from "react";
import { useMedia } from "@/shared/hooks/use-media";

const EVERY_MS = 600;
const AT_FIRST = { earlier: false, byHand: false };

type Blink = {
  /** True while the earlier picture is shown. */
  earlier: boolean;
  /** Stops the timer and shows the other picture. */
  swap: () => void;
};

export function useBlink(active: boolean): Blink {
  const still = useMedia("(prefers-reduced-motion: reduce)");
  const [state, setState] = useState(AT_FIRST);
  const [wasActive, setWasActive] = useState(active);
  if (active !== wasActive) {
    setWasActive(active);
    setState(AT_FIRST);
  }
  const runs = active && !still && !state.byHand;
  useEffect(() => {
    if (!runs) return;
    const timer = window.setInterval(() => setState((now) => ({ ...now, earlier: !now.earlier })), EVERY_MS);
    return () => window.clearInterval(timer);
  }, [runs]);
  return {
    earlier: active && state.earlier,
    swap: () => setState((now) => ({ earlier: !now.earlier, byHand: true })),
  };
}
