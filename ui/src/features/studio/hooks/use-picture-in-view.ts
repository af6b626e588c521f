/** Phone layout: scrolls to the stage when another picture appears on it. */
import { usePhone } from "@/shared/hooks/use-media";
import { useOnChange } from "@/shared/hooks/use-on-change";

export function usePictureInView(shown: string | null): void {
  const phone = usePhone();
  useOnChange(shown, () => {
    // Never scroll while the user types.
    const field = document.activeElement;
    const isWriting = field instanceof HTMLTextAreaElement && field.value !== "";
    if (phone && !isWriting) window.scrollTo({ top: 0 });
  });
}
