/** Compares a picture with an earlier one or with the photo, and keeps how much of it differs. */
import { useState } from "react";
import type { Variant } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { useStudio } from "../hooks/use-studio";
import { numberOf } from "../turns";
import { between } from "./alignment";
import type { Share } from "./difference-layer";
import type { Before } from "./pane";
import { mapOf, pictureOf, shownOf } from "./pictures";

/** Returns a function that compares two pictures. Null stands for the photo. */
export function useComparison() {
  const { t } = useTranslation();
  const { session, turns } = useStudio();
  const [known, setKnown] = useState<{ pair: string; share: Share } | null>(null);
  return (variant: Variant, earlier: Variant | null, isDifference: boolean) => {
    const map = mapOf(variant);
    const before: Before = earlier
      ? {
          picture: shownOf(earlier, numberOf(earlier, turns)),
          // The difference aligns the products, because a new size alone is no difference. Other modes show the new size.
          map: isDifference ? between(mapOf(earlier), map) : null,
        }
      : { picture: pictureOf(session.image, t.studio.photoAlt, false), map };
    const pair = `${variant.image.url} ${before.picture.url}`;
    const share = known?.pair === pair ? known.share : null;
    const differs = share?.ofProduct ? t.studio.productDiffers : t.studio.differs;
    return {
      before,
      aligned: map ? t.studio.aligned : t.studio.notAligned,
      /** Empty until the difference is measured. */
      differs: share ? differs(Math.round(share.part * 100)) : "",
      onShare: (share: Share) => setKnown({ pair, share }),
    };
  };
}
