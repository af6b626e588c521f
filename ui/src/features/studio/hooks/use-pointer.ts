/** Last position of mouse or pen, for keys that act at the pointer. */
import { useEffect, useRef, type RefObject } from "react";

type Point = { x: number; y: number };

/** In window pixels; null before the first move and after the pointer has left the window. */
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
