/** A single picture for review: with zoom, or under a slider with its photo. */
import { useState, useSyncExternalStore } from "react";
import type { Schemas } from "@/api/client";
import { useSurround } from "@/shared/hooks/use-surround";
import { useTranslation } from "@/shared/i18n/translation";
import { grounds } from "@/shared/stage/surround";
import { Viewport } from "@/shared/stage/viewport";
import { IconButton } from "@/shared/ui/button";
import { Segment } from "@/shared/ui/segment";
import { Pane } from "../stage/pane";
import { mapOf, pictureOf, shownOf } from "../stage/pictures";
import { numberOf, turnsOf } from "../turns";

type ReviewPictureProps = { session: Schemas["Session"]; variant: Schemas["Variant"] };

const ZOOM_STEP = 1.25;

export function ReviewPicture({ session, variant }: ReviewPictureProps) {
  const { t } = useTranslation();
  const [surround] = useSurround();
  const [mode, setMode] = useState<"single" | "slider">("single");
  const [peeking, setPeeking] = useState(false);
  const [viewport] = useState(() => {
    const made = new Viewport();
    made.setInsets({ side: 0, top: 0, foot: 0 });
    return made;
  });
  const percent = useSyncExternalStore(viewport.subscribe, viewport.percent);
  const photo = pictureOf(session.image, t.studio.photoAlt, false);
  const number = numberOf(variant, turnsOf(session));
  const picture = peeking ? photo : shownOf(variant, t.studio.pictureAlt(number, session.title));
  return (
    <div className="flex flex-col gap-2">
      <div className={`${grounds[surround]} aspect-square`}>
        <Pane
          key={mode}
          viewport={viewport}
          picture={picture}
          before={mode === "slider" && !peeking ? { picture: photo, map: mapOf(variant) } : undefined}
          captions={["", ""]}
          onPeek={setPeeking}
        />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Segment
          size="small"
          label={t.studio.mode.label}
          choices={(["single", "slider"] as const).map((value) => ({ value, label: t.studio.mode[value] }))}
          value={mode}
          onChange={setMode}
        />
        <div className="flex items-center gap-0.5">
          <IconButton
            name="zoomOut"
            label={t.studio.zoomOut}
            onClick={() => viewport.zoomBy(1 / ZOOM_STEP)}
          />
          <span className="w-12 text-center text-data font-semibold">{t.studio.zoomValue(percent)}</span>
          <IconButton name="zoomIn" label={t.studio.zoomIn} onClick={() => viewport.zoomBy(ZOOM_STEP)} />
          <IconButton name="fit" label={t.studio.fit} onClick={() => viewport.fit()} />
        </div>
      </div>
    </div>
  );
}
