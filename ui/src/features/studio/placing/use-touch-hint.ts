/** Hint for fingers: the product is tapped first, because a drag scrolls the page or moves the slider. */
import { useEffect } from "react";
import { useMedia } from "@/shared/hooks/use-media";
import { isBoolean, useStored } from "@/shared/hooks/use-stored";
import { useTranslation } from "@/shared/i18n/translation";
import type { Arranging } from "./placing";

/** Null where nothing can be placed, with a mouse, and once the user has tapped a product before. */
export function useTouchHint(arranging: Arranging | null): string | null {
  const { t } = useTranslation();
  const isTouch = useMedia("(pointer: coarse)");
  const [isKnown, setIsKnown] = useStored("product-tapped", false, isBoolean);
  const isSelected = isTouch && arranging?.selected === true;
  useEffect(() => {
    if (isSelected) setIsKnown(true);
  }, [isSelected, setIsKnown]);
  if (!isTouch || !arranging) return null;
  if (isSelected) return t.studio.touchSelected;
  return isKnown ? null : t.studio.touchHint;
}
