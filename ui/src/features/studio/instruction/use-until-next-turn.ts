/** Ends a message about an instruction when a later turn begins. */
import { useEffect, useEffectEvent, useRef } from "react";

export function useUntilNextTurn(newestJobId: string | undefined, end: () => void): void {
  const known = useRef(newestJobId);
  const onNext = useEffectEvent(end);
  useEffect(() => {
    if (newestJobId === known.current) return;
    known.current = newestJobId;
    onNext();
  }, [newestJobId]);
}
