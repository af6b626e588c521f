/** Shows its content only after a delay, so that what is over sooner moves nothing on the page. */
import { useEffect, useState, type ReactNode } from "react";

export function Late({ ms, children }: { ms: number; children: ReactNode }) {
  const [shown, setShown] = useState(ms === 0);
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(true), ms);
    return () => window.clearTimeout(timer);
  }, [ms]);
  return shown ? children : null;
}
