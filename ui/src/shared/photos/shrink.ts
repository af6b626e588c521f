/** Makes a photo that is too large fit, in the browser. */

const QUALITY = 0.92;
const STEP = 0.8;
const TRIES = 6;

const endings: Record<string, string> = { "image/jpeg": "jpg", "image/webp": "webp", "image/png": "png" };

/**
 * The same photo within a long side and a number of bytes.
 *
 * Throws where the browser cannot open it, as most cannot open HEIC.
 */
export async function shrunk(file: File, maxSide: number, maxBytes: number): Promise<File> {
  const bitmap = await createImageBitmap(file);
  // A JPEG has nothing to see through; whatever else comes may have.
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
