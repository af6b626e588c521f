/** Pixels of pictures. */

type Size = { width: number; height: number };

/** Loads and decodes a picture, also one of this page, which the content policy does not let be fetched. */
export async function imageOf(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

/** Fetches a picture of the server. Its bitmap is decoded off the main thread, unlike that of an element. */
export async function bitmapOf(url: string): Promise<ImageBitmap> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return createImageBitmap(await answer.blob());
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
