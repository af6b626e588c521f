/** Toast: a short message that disappears. Below the top bar, or the nearest place where it covers no control. */
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type ReactNode,
} from "react";
import { keepFree } from "./free-place";
import { TopLayer, useTopmost } from "./top-layer";

const SHOWN_MS = 5000;
/** Milliseconds, the 20 seconds of WCAG 2.2.1: long enough to read the text and reach the button by keys. */
const SHOWN_WITH_ACTION_MS = 20_000;

/** Action button of a toast. */
type ToastAction = {
  label: string;
  act: () => void;
  /** Called when the toast has gone, whether or not its button was pressed. */
  onGone?: () => void;
};
type Show = (message: string, action?: ToastAction) => void;

const ToastContext = createContext<Show>(() => undefined);

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<{ message: string; action: ToastAction | undefined } | null>(null);
  const [isHeld, setHeld] = useState(false);
  const message = useRef<HTMLDivElement>(null);
  const layer = useTopmost();
  const show = useCallback<Show>((message, action) => {
    setHeld(false);
    setShown({ message, action });
  }, []);
  useEffect(() => {
    if (!shown || isHeld) return;
    const timer = setTimeout(() => setShown(null), shown.action ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown, isHeld]);
  useEffect(() => () => shown?.action?.onGone?.(), [shown]);
  useLayoutEffect(() => {
    return shown && message.current ? keepFree(message.current, layer) : undefined;
  }, [shown, layer]);
  return (
    <ToastContext value={show}>
      {children}
      <TopLayer>
        <div
          role="status"
          className="pointer-events-none fixed inset-x-0 top-[calc(60px+var(--lines,0px))] z-(--z-toast) flex justify-center px-4"
        >
          {shown && (
            <div
              ref={message}
              className="flex max-w-full items-center gap-3 rounded-control bg-ink px-4 py-2.5 text-body text-chrome shadow-menu"
            >
              <span className="min-w-0 break-words">{shown.message}</span>
              {shown.action && (
                <button
                  type="button"
                  // Its button stays while it is pointed at or has the focus.
                  onPointerEnter={() => setHeld(true)}
                  onPointerLeave={() => setHeld(false)}
                  onFocus={() => setHeld(true)}
                  onBlur={() => setHeld(false)}
                  onClick={() => {
                    setShown(null);
                    shown.action?.act();
                  }}
                  className="pointer-events-auto -my-1.5 -mr-2 shrink-0 rounded-control px-2 py-1.5 font-semibold underline underline-offset-2"
                >
                  {shown.action.label}
                </button>
              )}
            </div>
          )}
        </div>
      </TopLayer>
    </ToastContext>
  );
}

export const useToast = () => use(ToastContext);
