/** The first moments of the page, in which the network belongs to what the first screen shows. */
import { useEffect, useState } from "react";

/** On a slow phone the first screen takes about half of it. */
const FIRST_SCREEN_MS = 2_500;

const left = () => Math.max(0, FIRST_SCREEN_MS - performance.now());

export function useFirstScreenOver(): boolean {
  const [isOver, setIsOver] = useState(() => left() === 0);
  useEffect(() => {
    if (isOver) return;
    const timer = window.setTimeout(() => setIsOver(true), left());
    return () => window.clearTimeout(timer);
  }, [isOver]);
  return isOver;
}
