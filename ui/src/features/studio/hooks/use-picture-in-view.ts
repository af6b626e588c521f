/** Phone layout: scrolls to the stage when another picture appears on it. */
import { useEffect, useRef } from "react";
import { usePhone } from "@/shared/hooks/use-media";

export function usePictureInView(shown: string | null): void {
  const phone = usePhone();
  const known = useRef(shown);
  useEffect(() => {
    if (known.current === shown) return;
    known.current = shown;
    // Never scroll while the user types.
    const field = document.activeElement;
    const isWriting = field instanceof HTMLTextAreaElement && field.value !== "";
    if (phone && !isWriting) window.scrollTo({ top: 0 });
  }, [phone, shown]);
}
