/** Stage: the picture alone, under a slider with its parent, or beside it. */
import { useLayoutEffect, type ReactNode } from "react";
import { usePhone } from "@/shared/hooks/use-media";
import { useTranslation } from "@/shared/i18n/translation";
import { pictureOf, shownOf } from "../stage/pictures";
import { ArrangeLayer } from "../placing/arrange-layer";
import type { Arranging } from "../placing/placing";
import { blendOf, Pane } from "../stage/pane";
import { useComparison } from "../stage/use-comparison";
import { useHeldPeek } from "../stage/use-held-peek";
import { useTouchHint } from "../placing/use-touch-hint";
import { useGround } from "@/shared/stage/use-surround";
import type { Viewport } from "@/shared/stage/viewport";
import { useStudio } from "../hooks/use-studio";
import { jobOf, numberOf } from "../turns";
import { useFactLine } from "./facts/facts";
import type { Mode } from "./stage-tools";
import { useTurnTitle } from "./history/turn-title";

type StageProps = {
  mode: Mode;
  viewport: Viewport;
  /** True while the key or finger is held down that shows the photo. */
  peeking: boolean;
  /** True while blinking shows the earlier picture. */
  earlier: boolean;
  /** Set when the product can be placed by hand. */
  arranging: Arranging | null;
  /** Opens the cut-out correction. */
  onFix: (() => void) | null;
  children: ReactNode;
};

export function Stage(props: StageProps) {
  const { mode, viewport, peeking, earlier, arranging, onFix, children } = props;
  const { session, turns, selection } = useStudio();
  const { variant } = selection;
  const { t } = useTranslation();
  const phone = usePhone();
  const titleOf = useTurnTitle();
  const factLine = useFactLine();
  const [held, peek] = useHeldPeek(selection.touch);
  const compare = useComparison();
  const placeable = mode === "slider" || mode === "single" ? arranging : null;
  const hint = useTouchHint(placeable);
  useLayoutEffect(
    () => viewport.setInsets(phone ? { side: 0, top: 0, foot: 30 } : { side: 20, top: 20, foot: 44 }),
    [viewport, phone],
  );

  const photo = pictureOf(session.image, t.studio.photoAlt, false);
  const photoCaption = t.studio.photoFacts(session.image.width, session.image.height);
  const ground = useGround();
  const main = (pictures: ReactNode) => (
    <main
      id="content"
      aria-label={t.studio.stageLabel}
      className={`${ground} flex min-h-0 min-w-0 flex-col md:flex-1 max-md:shrink-0`}
    >
      <div className="flex min-h-0 flex-1 max-md:flex-none max-sm:h-[calc(100vw+30px)] sm:max-md:h-[max(60dvh,min(20rem,100dvh-6rem))]">
        {pictures}
      </div>
      {children}
    </main>
  );

  if (!variant || held || peeking) {
    const captions = [photoCaption, t.studio.metadataRemoved] as const;
    return main(<Pane {...{ viewport, captions }} picture={photo} onPeek={peek} />);
  }

  const number = numberOf(variant, turns);
  const job = jobOf(variant, turns);
  const picture = shownOf(variant, t.studio.pictureAlt(number, job ? titleOf(job) : ""));
  const parent = session.variants.find((other) => other.id === variant.parent_id);
  const { before, aligned, differs, onShare } = compare(variant, parent ?? null, mode === "difference");
  const beforeCaption = parent ? t.studio.previousTurn(numberOf(parent, turns)) : aligned;
  const caption = [number, variant.role === "preview" ? t.studio.preview : factLine(variant)].join(
    t.common.dot,
  );
  const touchHint = hint && <span className="text-data font-semibold">{hint}</span>;
  const facts = [caption, `${variant.image.width} × ${variant.image.height}`].join(t.common.dot);
  // A selected product is placed on the picture itself.
  const isAlone = mode === "single" || mode === "side" || (mode === "slider" && arranging?.selected);
  const captions = (): [ReactNode, ReactNode] => {
    if (mode === "side") return [caption, ""];
    if (isAlone) return [touchHint ?? facts, ""];
    if (mode === "slider") return [touchHint ?? beforeCaption, caption];
    if (mode === "blink") return [earlier ? beforeCaption : caption, ""];
    if (phone && differs) return [differs, ""];
    return [t.studio.differenceOf(parent ? numberOf(parent, turns) : null, number), differs];
  };

  return main(
    <>
      {mode === "side" && (
        <Pane
          viewport={viewport}
          picture={before.picture}
          captions={[parent ? beforeCaption : photoCaption, ""]}
          onPeek={peek}
        />
      )}
      <Pane
        key={mode === "side" ? "single" : mode}
        viewport={viewport}
        picture={picture}
        before={isAlone ? undefined : before}
        blend={blendOf(mode)}
        opacity={earlier ? 1 : 0}
        captions={captions()}
        onPeek={peek}
        onShare={onShare}
      >
        {placeable && <ArrangeLayer {...placeable} viewport={viewport} onFix={onFix} />}
      </Pane>
    </>,
  );
}
