/** Affine maps between pictures of a product: their alignment, and the detail to enlarge. */
import type { Size } from "@/shared/stage/viewport";

/** x' = a x + b y + c and y' = d x + e y + f, from photo pixels to picture pixels. */
export type Affine = readonly [number, number, number, number, number, number];

export function isAffine(value: unknown): value is Affine {
  return (
    Array.isArray(value) &&
    value.length === 6 &&
    value.every((n) => typeof n === "number" && Number.isFinite(n))
  );
}

/** Map from one picture of a photo to another. Null if a map is missing or not invertible. */
export function between(from: Affine | null, to: Affine | null): Affine | null {
  if (from === null || to === null) return null;
  const [a, b, c, d, e, f] = from;
  const area = a * e - b * d;
  if (area === 0) return null;
  const [p, q, r, s, t, u] = to;
  const [i, j, k, l] = [e / area, -b / area, -d / area, a / area];
  const [x, y] = [-(i * c + j * f), -(k * c + l * f)];
  return [p * i + q * k, p * j + q * l, p * x + q * y + r, s * i + t * k, s * j + t * l, s * x + t * y + u];
}

/** Size and CSS transform that align the photo with the picture's frame, from its upper left corner. */
export function alignmentStyle(
  photo: Size,
  picture: Size,
  map: Affine | null,
): { width: string; height: string; transform: string } {
  if (map === null) {
    const scale = Math.min(picture.width / photo.width, picture.height / photo.height);
    const width = (photo.width * scale) / picture.width;
    const height = (photo.height * scale) / picture.height;
    return {
      width: `${width * 100}%`,
      height: `${height * 100}%`,
      transform: `translate(${((1 - width) / 2 / width) * 100}%, ${((1 - height) / 2 / height) * 100}%)`,
    };
  }
  // Percentages keep the alignment valid at every zoom. The element is the photo at the picture's scale, so the
  // translation is a share of the element, and the linear part has no unit.
  const [a, b, c, d, e, f] = map;
  return {
    width: `${(photo.width / picture.width) * 100}%`,
    height: `${(photo.height / picture.height) * 100}%`,
    transform: `translate(${(c / photo.width) * 100}%, ${(f / photo.height) * 100}%) matrix(${a}, ${d}, ${b}, ${e}, 0, 0)`,
  };
}

type Box = { x: number; y: number; w: number; h: number };
type Point = { x: number; y: number };

/** Point for the enlarged detail, as shares of the picture's sides: the lettering, otherwise the product's centre. */
export function detailPointOf(picture: Size, map: Affine | null, logo: Box | null, subject: unknown): Point {
  if (map && logo) {
    const [a, b, c, d, e, f] = map;
    const [x, y] = [logo.x + logo.w / 2, logo.y + logo.h / 2];
    return { x: (a * x + b * y + c) / picture.width, y: (d * x + e * y + f) / picture.height };
  }
  if (Array.isArray(subject) && subject.length === 4 && subject.every((n) => typeof n === "number")) {
    const [x, y, width, height] = subject as [number, number, number, number];
    return { x: (x + width / 2) / picture.width, y: (y + height / 2) / picture.height };
  }
  return { x: 0.5, y: 0.5 };
}
