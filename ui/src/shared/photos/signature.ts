/** Detects the file type by its first bytes, because names can be wrong. */

export type PictureKind = "JPEG" | "PNG" | "GIF" | "WebP" | "TIFF" | "AVIF" | "HEIC";
type OtherKind = "svg" | "pdf" | "zip" | "exe" | "html" | "text";

/** Bytes to read: the longest signature, and room for a prolog before an SVG root. */
export const SIGNATURE_BYTES = 512;

const starts = (bytes: Uint8Array, ...signature: number[]) => signature.every((byte, i) => bytes[i] === byte);

const heif = new Set(["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"]);

function isoBrand(bytes: Uint8Array, text: string): PictureKind | null {
  if (text.slice(4, 8) !== "ftyp") return null;
  const length = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), bytes.length);
  const brands = [text.slice(8, 12)];
  for (let at = 16; at + 4 <= length; at += 4) brands.push(text.slice(at, at + 4));
  if (brands.some((brand) => brand === "avif" || brand === "avis")) return "AVIF";
  return brands.some((brand) => heif.has(brand)) ? "HEIC" : null;
}

export function pictureKind(bytes: Uint8Array): PictureKind | null {
  if (starts(bytes, 0xff, 0xd8, 0xff)) return "JPEG";
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "PNG";
  if (starts(bytes, 0x49, 0x49, 0x2a, 0x00) || starts(bytes, 0x4d, 0x4d, 0x00, 0x2a)) return "TIFF";
  const text = String.fromCharCode(...bytes.subarray(0, 64));
  if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) return "GIF";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "WebP";
  return bytes.length >= 12 ? isoBrand(bytes, text) : null;
}

/** Returns the kind of an unsupported file, if its signature is known. */
export function otherKind(bytes: Uint8Array): OtherKind | null {
  if (starts(bytes, 0x50, 0x4b, 0x03, 0x04)) return "zip";
  if (starts(bytes, 0x4d, 0x5a) || starts(bytes, 0x7f, 0x45, 0x4c, 0x46)) return "exe";
  if (bytes.includes(0)) return null;
  const text = new TextDecoder("utf-8").decode(bytes, { stream: true }).trimStart().toLowerCase();
  if (text.startsWith("%pdf")) return "pdf";
  if (text.includes("<svg")) return "svg";
  if (text.startsWith("<!doctype html") || text.startsWith("<html")) return "html";
  return text.includes("\ufffd") ? null : "text";
}

const extensions: Record<string, PictureKind> = {
  jpg: "JPEG",
  jpeg: "JPEG",
  jpe: "JPEG",
  jfif: "JPEG",
  png: "PNG",
  gif: "GIF",
  webp: "WebP",
  tif: "TIFF",
  tiff: "TIFF",
  avif: "AVIF",
  heic: "HEIC",
  heif: "HEIC",
};

/** Returns the kind that the file name claims, or null for an unknown extension. */
export function claimedKind(name: string): PictureKind | null {
  return extensions[/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ""] ?? null;
}
