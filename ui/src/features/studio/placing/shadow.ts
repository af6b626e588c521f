/** Shadow of the product, taken from its picture and the same picture without the product. */

type Pixels = { data: Uint8ClampedArray; width: number; height: number };

/** Density below which a difference is noise of the compressed pictures. */
const FAINTEST = 0.03;
/** A shadow only darkens. With more than this share of brighter pixels the ground is another one. */
const MAX_BRIGHTER = 0.03;
const BRIGHTER = 1.06;

const grey = ({ data }: Pixels, at: number) => (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0);

/** Draws the shadow in black into `into`, with its density as alpha. Returns false if there is none to be had. */
export function drawShadow(picture: Pixels, matte: Pixels, ground: Pixels, into: Pixels): boolean {
  let brighter = 0;
  for (let at = 0; at < picture.data.length; at += 4) {
    // The product is drawn above its own shadow.
    const free = 1 - (matte.data[at] ?? 0) / 255;
    const kept = grey(picture, at) / Math.max(1, grey(ground, at));
    if (free === 1 && kept > BRIGHTER) brighter += 4;
    into.data[at + 3] = 255 * free * Math.max(0, (1 - kept - FAINTEST) / (1 - FAINTEST));
  }
  return brighter <= MAX_BRIGHTER * picture.data.length;
}
