/** One short line that goes by itself; only for what need not be kept. */
import { createContext, use, useCallback, useEffect, useRef, useState, type ReactNode } from "react";

const SHOWN_MS = 5000;

const ToastContext = createContext<(message: string) => void>(() => undefined);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState<string | null>(null);
  const timer = useRef(0);
  const show = useCallback((words: string) => {
    window.clearTimeout(timer.current);
    setMessage(words);
    timer.current = window.setTimeout(() => setMessage(null), SHOWN_MS);
  }, []);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return (
    <ToastContext value={show}>
      {children}
      <div
        role="status"
        className="pointer-events-none fixed inset-x-0 bottom-6 z-(--z-toast) flex justify-center px-4"
      >
        {message && (
          <div className="rounded-control bg-ink px-4 py-2.5 text-body text-chrome shadow-menu">
            {message}
          </div>
        )}
      </div>
    </ToastContext>
  );
}

export const useToast = () => use(ToastContext);
