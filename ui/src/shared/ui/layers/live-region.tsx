/** Polite live region for screen readers, at most one message in three seconds. */
import { createContext, use, useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { TopLayer } from "./top-layer";

const PAUSE_MS = 3000;

const AnnounceContext = createContext<(message: string) => void>(() => undefined);

export function LiveRegion({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState("");
  const waiting = useRef<string[]>([]);
  const timer = useRef(0);
  const next = useCallback(function speak() {
    const said = waiting.current.splice(0).join(" ");
    if (!said) {
      timer.current = 0;
      return;
    }
    setMessage(said);
    timer.current = window.setTimeout(speak, PAUSE_MS);
  }, []);
  const announce = useCallback(
    (words: string) => {
      waiting.current.push(words);
      if (timer.current === 0) next();
    },
    [next],
  );
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <TopLayer>
        <div role="status" aria-live="polite" className="sr-only">
          {message}
        </div>
      </TopLayer>
    </AnnounceContext>
  );
}

export const useAnnounce = () => use(AnnounceContext);
