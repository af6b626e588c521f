/** The API's pictures as the stage takes them. */
import type { Schemas } from "@/api/client";
import { isAffine, type Affine } from "./alignment";
import type { StagePicture } from "./pane";

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
