/** Phone layout: scrolls messages at the field into view. */
import { useEffect, useRef } from "react";
import { usePhone } from "@/shared/hooks/use-media";

/** Scrolls the element into view when `said` changes. */
export function useScrollIntoView<T extends HTMLElement>(said: string) {
  const element = useRef<T>(null);
  const phone = usePhone();
  useEffect(() => {
    if (phone && said) element.current?.scrollIntoView({ block: "nearest" });
  }, [phone, said]);
  return element;
}
