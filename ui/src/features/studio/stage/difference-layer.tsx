/** Difference layer: the difference of two pictures in grey, with the product's outline. */
import { useEffect, useEffectEvent, useRef } from "react";
import { useRetries } from "@/shared/hooks/use-retries";
import type { Affine } from "./alignment";
import { drawRows, outlineOf } from "./difference";
import type { StagePicture } from "./pictures";
import { fetchPixels } from "./pixels";

/** Pixels of the longer side. Enough to locate a change; the time grows with the square. */
const SIDE_PX = 720;
const ROWS_AT_ONCE = 24;

/** Share of visibly different pixels, of the product or of the whole picture. */
export type Share = { part: number; ofProduct: boolean };

type DifferenceLayerProps = {
  picture: StagePicture;
  before: StagePicture;
  map: Affine | null;
  /** Called with the share once it is known. */
  onShare?: ((share: Share) => void) | undefined;
  /** Called with whether the latest attempt to fetch one of the two failed. */
  onLost: (url: string, lost: boolean) => void;
};

export function DifferenceLayer({ picture, before, map, onShare, onLost }: DifferenceLayerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { tries, failed, came } = useRetries(`${picture.url} ${before.url}`);
  const tell = useEffectEvent((share: Share) => onShare?.(share));
  const tellLost = useEffectEvent((lost: boolean) => {
    if (lost) failed();
    else came();
    onLost(before.url, lost);
  });
  const [a, b, c, d, e, f] = map ?? fitted(before, picture);
  const { url, width, height, matteUrl } = picture;

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    let stopped = false;
    const isStopped = () => stopped;
    const scale = Math.min(1, SIDE_PX / Math.max(width, height));
    element.width = Math.round(width * scale);
    element.height = Math.round(height * scale);
    const draw = async () => {
      const moved = new DOMMatrix([a, d, b, e, c, f]);
      const toCanvas = new DOMMatrix().scale(scale);
      const one = await fetchPixels(url, element, toCanvas);
      const other = await fetchPixels(before.url, element, toCanvas.multiply(moved));
      if (isStopped()) return;
      tellLost(false);
      // A generated picture has no matte if the product was not found in it.
      const matte = matteUrl ? await fetchPixels(matteUrl, element).catch(() => undefined) : undefined;
      const into = context.createImageData(one.width, one.height);
      let [compared, visible] = [0, 0];
      for (let row = 0; row < one.height && !isStopped(); row += ROWS_AT_ONCE) {
        const counted = drawRows(one, other, into, row, Math.min(one.height, row + ROWS_AT_ONCE), matte);
        compared += counted.compared;
        visible += counted.visible;
        context.putImageData(into, 0, 0);
        await new Promise((done) => setTimeout(done));
      }
      if (isStopped()) return;
      if (matte) {
        context.fillStyle = getComputedStyle(element).color;
        const edge = outlineOf(matte);
        for (let at = 0; at < edge.length; at += 2) context.fillRect(edge[at] ?? 0, edge[at + 1] ?? 0, 1, 1);
      }
      if (compared > 0) tell({ part: visible / compared, ofProduct: matte !== undefined });
    };
    void draw().catch(() => {
      if (!isStopped()) tellLost(true);
    });
    return () => {
      stopped = true;
    };
  }, [url, width, height, matteUrl, before.url, a, b, c, d, e, f, tries]);

  return <canvas ref={canvas} className="absolute inset-0 size-full text-accent" />;
}

/** Centred as a whole, the fallback when no alignment is known. */
function fitted(before: StagePicture, picture: StagePicture): Affine {
  const scale = Math.min(picture.width / before.width, picture.height / before.height);
  const left = (picture.width - before.width * scale) / 2;
  const top = (picture.height - before.height * scale) / 2;
  return [scale, 0, left, 0, scale, top];
}
