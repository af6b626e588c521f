/** Copies text to the clipboard. Falls back to execCommand over plain http, where browsers offer no Clipboard API. */
import { fetchFile } from "@/api/client";
import { topmost } from "./layers/top-layer";

/** Resolves with true on success. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

function copySelected(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "sr-only";
  topmost().append(area);
  area.focus({ preventScroll: true });
  area.select();
  try {
    // Deprecated, but the only way without the Clipboard API.
    // oxlint-disable-next-line typescript/no-deprecated
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}

/** Copies a server picture as PNG, the only image type that every browser accepts. Resolves with true on success. */
export async function copyPicture(url: string): Promise<boolean> {
  try {
    // Passed as a promise, because Safari drops the user activation while the picture is fetched.
    await navigator.clipboard.write([new ClipboardItem({ "image/png": pngOf(url) })]);
    return true;
  } catch {
    return false;
  }
}

async function pngOf(url: string): Promise<Blob> {
  const picture = await (await fetchFile(url)).blob();
  if (picture.type === "image/png") return picture;
  const bitmap = await createImageBitmap(picture);
  const sheet = new OffscreenCanvas(bitmap.width, bitmap.height);
  sheet.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return sheet.convertToBlob({ type: "image/png" });
}
