import { expect, test } from "vitest";
import { ProblemError } from "@/api/problems";
import { failureOf, languageOf } from "@/features/export/listing";
import { problem } from "../../problem";

const of = (code: string, reason?: string) =>
  new ProblemError({ ...problem(code, 503), params: reason ? { reason } : {} });

test.each([
  [of("E_AI_MODEL_UNAVAILABLE", "over_budget"), "over_budget"],
  [of("E_AI_MODEL_UNAVAILABLE", "breaker_open"), "breaker_open"],
  [of("E_AI_MODEL_UNAVAILABLE", "bad_reply"), "other"],
  [of("E_AI_TIMEOUT", "timeout"), "timeout"],
  [of("E_RATE_LIMITED"), "limited"],
  [of("E_STORAGE_IO"), null],
  [new ProblemError(null), null],
])("why there is no suggestion is told by its reason", (error, failure) => {
  expect(failureOf(error)).toBe(failure);
});

test("the texts open in the page's language, or in the only one that has words", () => {
  const nothing = { title: { zh: "", en: "" }, alt_text: { zh: "", en: "" } };
  const chinese = { ...nothing, title: { zh: "白瓷马克杯", en: "" } };
  expect(languageOf(nothing, "en")).toBe("en");
  expect(languageOf(chinese, "en")).toBe("zh");
  expect(languageOf({ ...chinese, alt_text: { zh: "", en: "Mug" } }, "en")).toBe("en");
});
