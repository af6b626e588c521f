/** Perceptual difference of two pictures, pixel by pixel. */

export type Lab = readonly [lightness: number, a: number, b: number];

/** Delta E that is drawn white; all larger ones too. */
const WHITE_FROM = 10;

/** Delta E below which hardly anyone sees a difference in a photograph. */
const VISIBLE = 2;

/** sRGB code values to linear light (IEC 61966-2-1). */
const linear = Float64Array.from({ length: 256 }, (_, code) => {
  const c = code / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
});

const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);

/** CIELAB under D65 of 8-bit sRGB. */
export function labOf(red: number, green: number, blue: number): Lab {
  const [r, g, b] = [linear[red] ?? 0, linear[green] ?? 0, linear[blue] ?? 0];
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const RADIANS = Math.PI / 180;
const sevenths = (c: number) => Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
const hueOf = (b: number, a: number) => (a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / RADIANS + 360) % 360);

/** CIEDE2000 (ISO/CIE 11664-6), as Sharma, Wu and Dalal wrote it out in 2005. */
export function deltaE([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  const g = 0.5 * (1 - sevenths((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const [p1, p2] = [a1 * (1 + g), a2 * (1 + g)];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const [h1, h2] = [hueOf(b1, p1), hueOf(b2, p2)];
  const grey = c1 * c2 === 0;
  const apart = h2 - h1;
  const turn = grey ? 0 : Math.abs(apart) <= 180 ? apart : apart > 180 ? apart - 360 : apart + 360;
  const dh = 2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * RADIANS);
  const sum = h1 + h2;
  const h = grey ? sum : Math.abs(apart) <= 180 ? sum / 2 : sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2;
  const c = (c1 + c2) / 2;
  const cos = (degrees: number) => Math.cos(degrees * RADIANS);
  const t = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63);
  const off = ((l1 + l2) / 2 - 50) ** 2;
  const dl = (l2 - l1) / (1 + (0.015 * off) / Math.sqrt(20 + off));
  const dc = (c2 - c1) / (1 + 0.045 * c);
  const dq = dh / (1 + 0.015 * c * t);
  const rotation = -2 * sevenths(c) * Math.sin(60 * Math.exp(-(((h - 275) / 25) ** 2)) * RADIANS);
  return Math.sqrt(dl * dl + dc * dc + dq * dq + rotation * dc * dq);
}

type Pixels = { data: Uint8ClampedArray; width: number; height: number };

/** Matte value from which a pixel belongs to the product. */
const INSIDE = 128;

/**
 * Draws rows of the difference in grey into `into`, and counts changed pixels: of the product if its matte is given,
 * otherwise of the whole picture. Pixels that are transparent in either picture stay transparent.
 */
export function drawRows(
  one: Pixels,
  other: Pixels,
  into: Pixels,
  from: number,
  to: number,
  matte?: Pixels,
): { compared: number; visible: number } {
  const counted = { compared: 0, visible: 0 };
  for (let at = from * one.width * 4; at < to * one.width * 4; at += 4) {
    if ((one.data[at + 3] ?? 0) < 128 || (other.data[at + 3] ?? 0) < 128) continue;
    const lab = ({ data }: Pixels) => labOf(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
    const distance = deltaE(lab(one), lab(other));
    const grey = Math.min(255, (distance / WHITE_FROM) * 255);
    into.data.fill(grey, at, at + 3);
    into.data[at + 3] = 255;
    if (matte && (matte.data[at] ?? 0) < INSIDE) continue;
    counted.compared += 1;
    if (distance > VISIBLE) counted.visible += 1;
  }
  return counted;
}

/** Edge pixels of a matte, as alternating x and y. */
export function outlineOf({ data, width, height }: Pixels): number[] {
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && (data[(y * width + x) * 4] ?? 0) >= INSIDE;
  const edge: number[] = [];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!inside(x, y)) continue;
      const within = inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1);
      if (!within) edge.push(x, y);
    }
  }
  return edge;
}
