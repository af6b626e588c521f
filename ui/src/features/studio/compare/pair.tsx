/** A picture over another: with a slider, blended, blinking, or as a difference. */
import type { Schemas } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import type { Viewport } from "@/shared/stage/viewport";
import { useFactLine } from "../components/facts/facts";
import { useShares } from "../hooks/use-shares";
import { between } from "../stage/alignment";
import { Pane, type Blend } from "../stage/pane";
import { mapOf, pictureOf, shownOf } from "../stage/pictures";
import { numberOf, type Turn } from "../turns";
import type { Shown } from "./compare-columns";

type PairProps = {
  session: Schemas["Session"];
  turns: readonly Turn[];
  chosen: Schemas["Variant"];
  against: Shown;
  viewport: Viewport;
  blend: Blend;
  opacity: number;
};

export function Pair({ session, turns, chosen, against, viewport, blend, opacity }: PairProps) {
  const { t } = useTranslation();
  const factLine = useFactLine();
  const shares = useShares();
  const number = numberOf(chosen, turns);
  const job = turns.find((turn) => turn.job.id === chosen.job_id)?.job;
  const earlier = against
    ? {
        picture: shownOf(against, numberOf(against, turns)),
        map: blend === "difference" ? between(mapOf(against), mapOf(chosen)) : null,
      }
    : { picture: pictureOf(session.image, t.studio.photoAlt, false), map: mapOf(chosen) };
  const picture = shownOf(chosen, number);
  const share = shares.of(picture, earlier.picture);
  const name = against ? numberOf(against, turns) : null;
  const photo = earlier.map ? t.studio.aligned : t.studio.notAligned;
  return (
    <Pane
      viewport={viewport}
      picture={picture}
      before={earlier}
      blend={blend}
      opacity={opacity}
      captions={
        blend === "difference"
          ? [
              t.studio.differenceOf(name, number),
              share === null
                ? ""
                : (share.ofProduct ? t.studio.productDiffers : t.studio.differs)(
                    Math.round(share.part * 100),
                  ),
            ]
          : [name ?? photo, [number, factLine(chosen, job)].join(t.common.dot)]
      }
      onShare={(share) => shares.keep(picture, earlier.picture, share)}
    />
  );
}
