/** Point for the enlarged detail: the lettering, otherwise the centre of the product. */
import type { Affine } from "./alignment";
import type { Size } from "@/shared/stage/viewport";

type Box = { x: number; y: number; w: number; h: number };
type Point = { x: number; y: number };

/** Returns the point as shares of the picture's sides. */
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
