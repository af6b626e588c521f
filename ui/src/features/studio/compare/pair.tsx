/** A picture over another: with a slider, blended, blinking, or as a difference. */
import type { Variant } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import type { Viewport } from "@/shared/stage/viewport";
import { useFactLine } from "../components/facts/facts";
import { useStudio } from "../hooks/use-studio";
import { Pane, type Blend } from "../stage/pane";
import { shownOf } from "../stage/pictures";
import { useComparison } from "../stage/use-comparison";
import { numberOf } from "../turns";
import type { Shown } from "./compare-columns";

type PairProps = {
  chosen: Variant;
  against: Shown;
  viewport: Viewport;
  blend: Blend;
  opacity: number;
};

export function Pair({ chosen, against, viewport, blend, opacity }: PairProps) {
  const { turns } = useStudio();
  const { t } = useTranslation();
  const factLine = useFactLine();
  const compare = useComparison();
  const number = numberOf(chosen, turns);
  const { before, aligned, differs, onShare } = compare(chosen, against, blend === "difference");
  const name = against ? numberOf(against, turns) : null;
  return (
    <Pane
      viewport={viewport}
      picture={shownOf(chosen, number)}
      before={before}
      blend={blend}
      opacity={opacity}
      captions={
        blend === "difference"
          ? [t.studio.differenceOf(name, number), differs]
          : [name ?? aligned, [number, factLine(chosen)].join(t.common.dot)]
      }
      onShare={onShare}
    />
  );
}
