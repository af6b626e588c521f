/** On a phone the marks stand beside the thumbnails; the button to adopt is docked at the foot. */
import type { Schemas } from "@/api/client";
import { useSpeech } from "@/shared/i18n/words";
import { Icon } from "@/shared/ui/icon";
import { isUnverified, marksOf } from "../marks";
import { Marks } from "./marks";

export function PhoneFacts({ variant }: { variant: Schemas["Variant"] }) {
  const { t } = useSpeech();
  return (
    <div className="flex min-w-44 flex-1 flex-col gap-1">
      {isUnverified(variant.measures) && (
        <p className="flex items-center gap-1.5 text-caption text-warn">
          <Icon name="warning" size={14} />
          {t.studio.unverified}
        </p>
      )}
      <Marks dense explained marks={marksOf(variant.measures, variant.plan.asked, variant.image)} />
    </div>
  );
}
