/** Checks files before upload to save the user a wait. The server checks them again. */
import type { Messages } from "@/shared/i18n/messages/en";
import { claimedKind, otherKind, pictureKind, SIGNATURE_BYTES } from "./signature";

export type Refusal =
  | { why: "empty" }
  | { why: "unreadable" }
  | { why: "tooLarge"; found: number; limit: number }
  | { why: "notPicture"; kind: ReturnType<typeof otherKind> };

const startOf = (file: File, bytes: number): Promise<ArrayBuffer | null> =>
  file
    .slice(0, bytes)
    .arrayBuffer()
    .catch(() => null);

/**
 * A file that was moved, changed or locked after it was picked cannot be read, and its upload fails without a
 * message.
 */
export const isReadable = async (file: File): Promise<boolean> => (await startOf(file, 1)) !== null;

export async function refusalOf(file: File, maxBytes: number): Promise<Refusal | null> {
  if (file.size === 0) return { why: "empty" };
  const read = await startOf(file, SIGNATURE_BYTES);
  if (read === null) return { why: "unreadable" };
  const start = new Uint8Array(read);
  if (pictureKind(start) === null) return { why: "notPicture", kind: otherKind(start) };
  if (file.size > maxBytes) return { why: "tooLarge", found: file.size, limit: maxBytes };
  return null;
}

/**
 * Returns the file under the extension of its content. Chats and browsers often save WebP as `.jpg`, and the server
 * refuses a name that contradicts the content.
 */
export async function trulyNamed(file: File): Promise<File> {
  const start = await startOf(file, SIGNATURE_BYTES);
  const kind = start && pictureKind(new Uint8Array(start));
  const claimed = claimedKind(file.name);
  if (!kind || kind === claimed || !file.name.includes(".")) return file;
  const stem = claimed === null ? file.name : file.name.replace(/\.[^.]+$/, "");
  return new File([file], `${stem}.${kind.toLowerCase()}`);
}

/** In steps of 1024, like the server's limit. */
const mega = (bytes: number) => `${Number((bytes / 1024 / 1024).toFixed(1))} MB`;

export function refusalText(refusal: Refusal, words: Messages["upload"]): string {
  switch (refusal.why) {
    case "empty":
      return words.empty;
    case "unreadable":
      return words.unreadable;
    case "tooLarge":
      return words.tooLarge(mega(refusal.found), mega(refusal.limit));
    case "notPicture":
      return refusal.kind === null ? words.notPicture : words.named(words.kinds[refusal.kind]);
  }
}
