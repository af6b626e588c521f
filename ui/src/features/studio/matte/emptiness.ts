/** Whether a cut-out holds a product at all. */

/** The server calls less than this "no product"; a correction by hand may be smaller, but is asked about. */
const LEAST_SHARE = 0.003;
const HALF = 127;

/** Share of the pixels that are more product than not; RGBA, grey. */
export function solidShare(pixels: Uint8ClampedArray): number {
  let solid = 0;
  for (let at = 0; at < pixels.length; at += 4) if ((pixels[at] ?? 0) > HALF) solid += 1;
  return pixels.length === 0 ? 0 : (4 * solid) / pixels.length;
}

export const isNothing = (share: number) => share < LEAST_SHARE;
