/** Phone layout: scrolls a field and its messages into view. */
import { useEffect, useRef } from "react";
import { usePhone } from "@/shared/hooks/use-media";

/** Scrolls the field of the element, with its button and its chips, into view when `said` changes. */
export function useScrollIntoView(said: string) {
  const element = useRef<HTMLDivElement>(null);
  const phone = usePhone();
  useEffect(() => {
    const field = element.current?.closest("[data-field]");
    // A draft that is restored with the page must not take it away from the picture.
    if (phone && said && field?.contains(document.activeElement)) field.scrollIntoView({ block: "nearest" });
  }, [phone, said]);
  return element;
}
