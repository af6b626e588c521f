/** Pixels of pictures. */
import { fetchFile } from "@/api/client";
import type { Size } from "@/shared/stage/viewport";

/** Loads and decodes a picture, also one of this page, which the content policy does not let be fetched. */
export async function imageOf(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

/**
 * Fetches a picture of the server and returns its pixels. Its bitmap is decoded off the main thread, unlike that of an
 * element, and keeps its memory until it is closed.
 */
export async function fetchPixels(url: string, size: Size, transform?: DOMMatrix2DInit): Promise<ImageData> {
  const bitmap = await createImageBitmap(await (await fetchFile(url)).blob());
  try {
    return pixelsOf(bitmap, size, transform);
  } finally {
    bitmap.close();
  }
}

/** Pixels of a picture in a size, or under a transform. */
export function pixelsOf(
  picture: HTMLImageElement | ImageBitmap,
  { width, height }: Size,
  transform?: DOMMatrix2DInit,
): ImageData {
  const sheet = new OffscreenCanvas(width, height).getContext("2d");
  if (!sheet) throw new Error("no canvas");
  if (transform) {
    sheet.setTransform(transform);
    sheet.drawImage(picture, 0, 0);
  } else sheet.drawImage(picture, 0, 0, width, height);
  return sheet.getImageData(0, 0, width, height);
}
