import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { usePageDrop } from "@/shared/photos/use-page-drop";
import { inPage } from "../page";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 28, 12), toFake: ["Date"] });
});

function page(locale: "zh" | "en") {
  const names: string[] = [];
  renderHook(() => usePageDrop(({ files }) => names.push(...files.map(({ name }) => name))), {
    wrapper: ({ children }) => inPage(children, { locale }),
  });
  return (...pasted: string[]) => {
    const files = pasted.map((name) => new File(["x"], name));
    act(() => {
      window.dispatchEvent(Object.assign(new Event("paste"), { clipboardData: { files } }));
    });
    return names.splice(0);
  };
}

it("pictures of the clipboard are named by day and number, and copied files keep their names", () => {
  const paste = page("zh");
  expect(paste("image.png", "mug.jpg")).toEqual(["11月28日粘贴的图片 1.png", "mug.jpg"]);
  expect(paste("image.png")).toEqual(["11月28日粘贴的图片 2.png"]);
  vi.setSystemTime(new Date(2026, 10, 29));
  expect(paste("image.png")).toEqual(["11月29日粘贴的图片 1.png"]);
});

it("in English too", () => {
  expect(page("en")("image.png")).toEqual(["Pasted picture 1 (November 28).png"]);
});
