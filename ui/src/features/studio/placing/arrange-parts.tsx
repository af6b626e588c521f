/** Parts of the placement layer: handles, ghost, guides, and the button that opens the cut-out correction. */
import { useEffect, useEffectEvent, useRef, useState, type ComponentProps } from "react";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { percent, type Box, type InHand, type Placed, type Placing } from "./placing";
import { imageOf, pixelsOf } from "../stage/pixels";
import { drawShadow } from "./shadow";

type HandleProps = ComponentProps<"button"> & { label: string; className: string; round?: boolean };

/** Resize handle or rotation knob with a larger touch area, at constant size on the screen. */
export function Handle({ label, className, round = false, hidden = false, ...on }: HandleProps) {
  return (
    <button
      type="button"
      data-drags="all"
      aria-label={label}
      aria-hidden={hidden}
      tabIndex={hidden ? -1 : 0}
      className={`pointer-events-auto absolute size-3 scale-[calc(1/var(--zoom,1))] touch-none border-2 border-on-picture bg-on-dark ring-1 ring-on-dark after:absolute after:-inset-2 after:content-[''] pointer-coarse:after:-inset-4 ${round ? "rounded-full" : ""} ${className}`}
      {...on}
    />
  );
}

type LiftedProps = InHand & { from: Placing; to: Placing; isShown: boolean };

/** The product at its new position, until a preview shows it there. Hidden, it loads its pictures before a drag. */
export function Lifted({ url, matteUrl, surroundings, from, to, isShown }: LiftedProps) {
  const isLoaded = useLoaded(url, matteUrl);
  const [dx, dy] = [percent(to.x - from.x), percent(to.y - from.y)];
  return (
    <div
      aria-hidden="true"
      data-testid="in-hand"
      className={`checks absolute inset-0 overflow-hidden ${isShown && isLoaded ? "" : "opacity-0"}`}
    >
      {surroundings && <img src={surroundings} alt="" className="absolute inset-0 size-full" />}
      <div
        className="absolute inset-0"
        style={{
          transformOrigin: `${percent(from.x)} ${percent(from.y)}`,
          transform: `translate(${dx}, ${dy}) rotate(${to.turn - from.turn}deg) scale(${to.fill / from.fill})`,
        }}
      >
        {matteUrl && surroundings && <Shadow {...{ url, matteUrl, surroundings }} />}
        <div
          className="absolute inset-0"
          style={{
            background: `url("${url}") center / 100% 100% no-repeat`,
            mask: matteUrl ? `url("${matteUrl}") center / 100% 100% no-repeat luminance` : undefined,
          }}
        />
      </div>
    </div>
  );
}

/** Pixels of the square that a shadow is drawn in; it is soft. */
const SHADOW_PX = 512;

/** The product's shadow, which is taken along. It is measured once, on the ground where the product was. */
function Shadow({ url, matteUrl, surroundings }: { url: string; matteUrl: string; surroundings: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const ground = useEffectEvent(() => surroundings);
  useEffect(() => {
    let isStale = false;
    const size = { width: SHADOW_PX, height: SHADOW_PX };
    const draw = async () => {
      const [picture, matte, without] = await Promise.all(
        [url, matteUrl, ground()].map(async (address) => pixelsOf(await imageOf(address), size)),
      );
      const shadow = new ImageData(SHADOW_PX, SHADOW_PX);
      if (isStale || !picture || !matte || !without) return;
      if (drawShadow(picture, matte, without, shadow))
        canvas.current?.getContext("2d")?.putImageData(shadow, 0, 0);
    };
    // Without it the product has no shadow until the preview comes.
    void draw().catch(() => undefined);
    return () => {
      isStale = true;
    };
  }, [url, matteUrl]);
  return <canvas ref={canvas} width={SHADOW_PX} height={SHADOW_PX} className="absolute inset-0 size-full" />;
}

/** Whether both pictures are decoded. A mask that is still loading would hide the product. */
function useLoaded(url: string, matteUrl: string | null): boolean {
  const [loaded, setLoaded] = useState<string | null>(null);
  const key = `${url} ${matteUrl}`;
  useEffect(() => {
    let isStale = false;
    Promise.all([imageOf(url), matteUrl ? imageOf(matteUrl) : null]).then(
      () => isStale || setLoaded(key),
      () => undefined,
    );
    return () => {
      isStale = true;
    };
  }, [url, matteUrl, key]);
  return loaded === key;
}

type GuidesProps = { placed: Placed; placing: Placing; share: number | null };

/** Centre lines, stronger when the product snaps to them, and the frame that a shop recommends to fill. */
export function Guides({ placed: { picture }, placing, share }: GuidesProps) {
  const side = share === null ? 0 : share * Math.min(picture.width, picture.height);
  const line = (rests: boolean) => `absolute bg-on-picture ${rests ? "opacity-90" : "opacity-25"}`;
  return (
    // A filter makes this element the containing block of the lines, so it must cover the picture.
    <div aria-hidden="true" className="absolute inset-0 drop-shadow-[0_0_1px_var(--color-on-dark)]">
      <span className={`${line(placing.x === 0.5)} inset-y-0 left-1/2 w-px`} />
      <span className={`${line(placing.y === 0.5)} inset-x-0 top-1/2 h-px`} />
      {share !== null && (
        <span
          className="absolute top-1/2 left-1/2 -translate-1/2 border border-dashed border-on-picture opacity-60"
          style={{ width: percent(side / picture.width), height: percent(side / picture.height) }}
        />
      )}
    </div>
  );
}

/** Below the product, or at the bottom edge of the picture. */
export function FixAction({ box, onFix }: { box: Box; onFix: () => void }) {
  const { t } = useTranslation();
  return (
    <Button
      size="small"
      icon="matte"
      onClick={onFix}
      className="pointer-events-auto absolute origin-top -translate-x-1/2 scale-[calc(1/var(--zoom,1))]"
      style={{
        left: percent(Math.min(0.8, Math.max(0.2, box.left + box.width / 2))),
        top: `min(${percent(box.top + box.height)} + 12px / var(--zoom, 1), 100% - 48px / var(--zoom, 1))`,
      }}
    >
      {t.studio.fixCutOut}
    </Button>
  );
}
