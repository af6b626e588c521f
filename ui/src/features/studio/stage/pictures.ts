/** The API's pictures as the stage takes them. */
import type { Schemas } from "@/api/client";
import { isAffine, type Affine } from "./alignment";
import type { Size } from "@/shared/stage/viewport";

export type StagePicture = Size & {
  url: string;
  thumbnailUrl: string;
  alt: string;
  /** Has see-through parts, and gets checks behind it. */
  transparent: boolean;
  /** Where the product is in it; a picture's own, and not known of every one. */
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

export const shownOf = (variant: Schemas["Variant"], alt: string): StagePicture => ({
  ...pictureOf(variant.image, alt, variant.plan.backdrop.kind === "transparent"),
  matteUrl: `/image/${variant.id}?size=matte`,
});

/** From photo to picture; null where nobody knows. */
export const mapOf = ({ plan }: Schemas["Variant"]): Affine | null =>
  isAffine(plan.product_transform) ? plan.product_transform : null;
