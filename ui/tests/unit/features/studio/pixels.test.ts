// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { fetchPixels } from "@/features/studio/stage/pixels";
import { pictureAnswer } from "./picture-answer";

test("the bitmap of a fetched picture is closed once its pixels are read", async () => {
  const bitmap = { close: vi.fn() };
  vi.stubGlobal("fetch", () => Promise.resolve(pictureAnswer()));
  vi.stubGlobal("createImageBitmap", () => Promise.resolve(bitmap));
  const context = { drawImage: () => undefined, getImageData: () => "pixels" };
  vi.stubGlobal("OffscreenCanvas", function Canvas() {
    return { getContext: () => context };
  });
  expect(await fetchPixels("/image/var_1", { width: 4, height: 4 })).toBe("pixels");
  expect(bitmap.close).toHaveBeenCalledOnce();
});
