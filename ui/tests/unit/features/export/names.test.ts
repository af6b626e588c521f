import { describe, expect, it } from "vitest";
import { isArticleNumber, isUsable, patternOf, stemOf } from "@/features/export/names";

describe("what a file is called", () => {
  it("is shown without its extension and without the number of a piece", () => {
    expect(stemOf({ name: "mug_taobao-main.jpg", part: null })).toBe("mug_taobao-main");
    expect(stemOf({ name: "mug_detail_p02.jpg", part: 2 })).toBe("mug_detail");
    expect(stemOf({ name: "mug_p02.jpg", part: null })).toBe("mug_p02");
    expect(stemOf({ name: "B000123456.MAIN.jpg", part: null })).toBe("B000123456.MAIN");
  });

  it.each(["AUREL-50ml_白底_800", "B000123456.PT01", "front view.png", "a"])("can be %s", (name) => {
    expect(isUsable(name)).toBe(true);
  });

  it.each([
    "",
    "  ",
    "...",
    "a/b",
    "a:b",
    "what?",
    "mug.",
    ".mug",
    "CON",
    "nul.txt",
    "{product}",
    "x".repeat(81),
  ])("cannot be %j", (name) => {
    expect(isUsable(name)).toBe(false);
  });
});

describe("the pattern for the next product", () => {
  it("is the name without this one's title", () => {
    expect(patternOf("AUREL-香水-50-ml_白底", "AUREL 香水 50 ml")).toBe("{product}_白底");
    expect(patternOf("B000123456.PT01", "B000-123456")).toBe("{sku}.PT01");
    expect(patternOf("mug_白底", "=mug")).toBe("{product}_白底");
  });

  it("is none where the name says nothing of the title, for it would misname the next", () => {
    expect(patternOf("AUREL_白底", "KOMA mug")).toBeNull();
    expect(patternOf("anything", "")).toBeNull();
  });
});

it("a title that shops could look an article up by", () => {
  expect(isArticleNumber("B000123456")).toBe(true);
  expect(isArticleNumber("AUREL 香水")).toBe(false);
});
