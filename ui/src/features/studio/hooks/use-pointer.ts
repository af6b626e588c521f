/** Last position of mouse or pen, for keys that act at the pointer. */
import { useEffect, useRef, type RefObject } from "react";
import { useWindowEvent } from "@/shared/hooks/use-window-event";

type Point = { x: number; y: number };

/** In window pixels; null before the first move and after the pointer has left the window. */
export function usePointer(): RefObject<Point | null> {
  const at = useRef<Point | null>(null);
  useWindowEvent("pointermove", ({ clientX: x, clientY: y, pointerType }) => {
    at.current = pointerType === "touch" ? null : { x, y };
  });
  useEffect(() => {
    const leave = () => {
      at.current = null;
    };
    document.addEventListener("pointerleave", leave);
    return () => document.removeEventListener("pointerleave", leave);
  }, []);
  return at;
}
