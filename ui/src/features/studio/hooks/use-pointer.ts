/** Where the mouse or pen last was, for keys that act at its place. */
import { useEffect, useRef, type RefObject } from "react";

export type Point = { x: number; y: number };

/** In the window's pixels; null until it has been moved and after it has left. */
export function usePointer(): RefObject<Point | null> {
  const at = useRef<Point | null>(null);
  useEffect(() => {
    const move = ({ clientX: x, clientY: y, pointerType }: PointerEvent) => {
      at.current = pointerType === "touch" ? null : { x, y };
    };
    const leave = () => {
      at.current = null;
    };
    window.addEventListener("pointermove", move);
    document.addEventListener("pointerleave", leave);
    return () => {
      window.removeEventListener("pointermove", move);
      document.removeEventListener("pointerleave", leave);
    };
  }, []);
  return at;
}
