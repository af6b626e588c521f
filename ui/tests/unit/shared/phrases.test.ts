import { expect, it } from "vitest";
import { containsPhrase, withoutPhrase, withPhrase } from "@/shared/recipe/phrases";

it("a phrase goes into an empty text without commas", () => {
  expect(withPhrase("", "暖一点", 0, "，")).toEqual({ text: "暖一点", caret: 3 });
});

it("a phrase is joined to the words before the caret and to those after it", () => {
  expect(withPhrase("木纹背景柔光", "暖一点", 4, "，").text).toBe("木纹背景，暖一点，柔光");
});

it("commas that are there already are not doubled", () => {
  expect(withPhrase("wood, ", "warmer", 6, ", ").text).toBe("wood, warmer");
});

it("what was put in comes out again, and leaves the rest as it was", () => {
  const text = withPhrase("wood, soft light", "warmer", 4, ", ").text;
  expect(containsPhrase(text, "warmer")).toBe(true);
  expect(withoutPhrase(text, "warmer", ", ")).toBe("wood, soft light");
});

it("a phrase within another word is not that phrase", () => {
  expect(containsPhrase("a bit warmer", "warmer")).toBe(false);
});

it("commas of both languages part the text", () => {
  expect(containsPhrase("木纹背景、暖一点, 柔光", "暖一点")).toBe(true);
});
