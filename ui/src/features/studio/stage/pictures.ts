/** Converts API pictures for the stage. */
import type { Variant, Schemas } from "@/api/client";
import { isAffine, type Affine } from "./alignment";
import type { Size } from "@/shared/stage/viewport";

export type StagePicture = Size & {
  url: string;
  thumbnailUrl: string;
  alt: string;
  /** True if it has transparent areas, which get a checkerboard behind them. */
  transparent: boolean;
  /** URL of the picture's own matte; not every picture has one. */
  matteUrl: string | null;
};

export const pictureOf = (image: Schemas["Image"], alt: string, transparent: boolean): StagePicture => ({
  url: image.url,
  thumbnailUrl: image.thumbnail_url,
  width: image.width,
  height: image.height,
  alt,
  transparent,
  matteUrl: null,
});

export const shownOf = (variant: Variant, alt: string): StagePicture => ({
  ...pictureOf(variant.image, alt, variant.plan.backdrop.kind === "transparent"),
  matteUrl: `/image/${variant.id}?size=matte`,
});

/** Map from photo to picture; null if unknown. */
export const mapOf = ({ plan }: Variant): Affine | null =>
  isAffine(plan.product_transform) ? plan.product_transform : null;
