/** Shrinks a photo in the browser. */

const QUALITY = 0.92;
const STEP = 0.8;
const TRIES = 6;

const endings: Record<string, string> = { "image/jpeg": "jpg", "image/webp": "webp", "image/png": "png" };

/** Returns the photo scaled to the limits. Throws if the browser cannot decode it, as with HEIC in most browsers. */
export async function shrinkPhoto(file: File, maxSide: number, maxBytes: number): Promise<File> {
  const bitmap = await createImageBitmap(file);
  // JPEG has no alpha channel; other formats may.
  const type = file.type === "image/jpeg" ? "image/jpeg" : "image/webp";
  try {
    let scale = Math.min(1, maxSide / Math.max(bitmap.width, bitmap.height));
    for (let left = TRIES; left > 0; left -= 1, scale *= STEP) {
      const canvas = new OffscreenCanvas(
        Math.max(1, Math.round(bitmap.width * scale)),
        Math.max(1, Math.round(bitmap.height * scale)),
      );
      const context = canvas.getContext("2d");
      if (!context) break;
      context.imageSmoothingQuality = "high";
      context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      const made = await canvas.convertToBlob({ type, quality: QUALITY });
      if (made.size > maxBytes) continue;
      const name = `${file.name.replace(/\.[^.]*$/, "")}.${endings[made.type] ?? "jpg"}`;
      return new File([made], name, { type: made.type });
    }
  } finally {
    bitmap.close();
  }
  throw new Error("still too large");
}
