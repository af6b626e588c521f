/** Puts a text on the clipboard, also where the browser has none to offer: over plain http from another machine. */
import { topmost } from "./top-layer";

/** Says whether it worked. */
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
    // Out of favour, and the only way there.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}

/** Puts a picture of the server on the clipboard; only PNG is taken there by every browser. Says whether it worked. */
export async function copyPicture(url: string): Promise<boolean> {
  try {
    // Handed over as a promise: Safari forgets the press while the picture is fetched.
    await navigator.clipboard.write([new ClipboardItem({ "image/png": pngOf(url) })]);
    return true;
  } catch {
    return false;
  }
}

async function pngOf(url: string): Promise<Blob> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(String(answer.status));
  const picture = await answer.blob();
  if (picture.type === "image/png") return picture;
  const bitmap = await createImageBitmap(picture);
  const sheet = new OffscreenCanvas(bitmap.width, bitmap.height);
  sheet.getContext("2d")?.drawImage(bitmap, 0, 0);
  return sheet.convertToBlob({ type: "image/png" });
}
