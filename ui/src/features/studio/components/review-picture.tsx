/** A single picture for review: with zoom, or under a slider with its photo. */
import { useState } from "react";
import type { Session, Variant } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { useGround } from "@/shared/stage/use-surround";
import { Viewport } from "@/shared/stage/viewport";
import { ZoomControls } from "@/shared/stage/zoom-controls";
import { Segment } from "@/shared/ui/segment";
import { Pane } from "../stage/pane";
import { mapOf, pictureOf, shownOf } from "../stage/pictures";
import { numberOf, turnsOf } from "../turns";

type ReviewPictureProps = { session: Session; variant: Variant };

export function ReviewPicture({ session, variant }: ReviewPictureProps) {
  const { t } = useTranslation();
  const ground = useGround();
  const [mode, setMode] = useState<"single" | "slider">("single");
  const [peeking, setPeeking] = useState(false);
  const [viewport] = useState(() => new Viewport({ side: 0, top: 0, foot: 0 }));
  const photo = pictureOf(session.image, t.studio.photoAlt, false);
  const number = numberOf(variant, turnsOf(session));
  const picture = peeking ? photo : shownOf(variant, t.studio.pictureAlt(number, session.title));
  return (
    <div className="flex flex-col gap-2">
      <div className={`${ground} aspect-square outline-1 outline-edge`}>
        <Pane
          key={mode}
          viewport={viewport}
          picture={picture}
          before={mode === "slider" && !peeking ? { picture: photo, map: mapOf(variant) } : undefined}
          onPeek={setPeeking}
        />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2 text-data">
        <Segment
          size="small"
          label={t.studio.mode.label}
          choices={(["single", "slider"] as const).map((value) => ({ value, label: t.studio.mode[value] }))}
          value={mode}
          onChange={setMode}
        />
        <ZoomControls viewport={viewport} />
      </div>
    </div>
  );
}
