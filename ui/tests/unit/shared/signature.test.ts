import { expect, it } from "vitest";
import { pictureKind } from "@/shared/photos/signature";

const text = (value: string) => Array.from(value, (letter) => letter.charCodeAt(0));
const box = (major: string, ...brands: string[]) =>
  new Uint8Array([
    0,
    0,
    0,
    16 + 4 * brands.length,
    ...text("ftyp"),
    ...text(major),
    0,
    0,
    0,
    0,
    ...text(brands.join("")),
  ]);

it.each([
  ["PNG", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ["GIF", new Uint8Array(text("GIF89a"))],
  ["WebP", new Uint8Array([...text("RIFF"), 0, 0, 0, 0, ...text("WEBPVP8 ")])],
  ["TIFF", new Uint8Array([0x4d, 0x4d, 0x00, 0x2a])],
  ["AVIF", box("avif", "mif1")],
  ["AVIF", box("mif1", "avif", "miaf")],
  ["HEIC", box("heic", "mif1")],
  ["HEIC", box("mif1", "heic")],
])("%s is known by its first bytes", (kind, start) => {
  expect(pictureKind(start)).toBe(kind);
});

it("a film in the same container is no picture", () => {
  expect(pictureKind(box("isom", "mp42"))).toBeNull();
});

it("an audio file in the same container as WebP is no picture", () => {
  expect(pictureKind(new Uint8Array([...text("RIFF"), 0, 0, 0, 0, ...text("WAVEfmt ")]))).toBeNull();
});
