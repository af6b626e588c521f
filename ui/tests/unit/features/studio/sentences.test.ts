import { expect, it } from "vitest";
import { en } from "@/shared/i18n/messages/en";
import { zh } from "@/shared/i18n/messages/zh";

it("sentences count whole seconds, in the words of their language", () => {
  expect(zh.studio.optimiseLine(1)).toContain("第一张约 1 秒。");
  expect(en.studio.optimiseLine(1)).toContain("in about 1 s.");
});

it("a Latin name stands apart from Chinese words, a Chinese one does not", () => {
  const fallback = (to: string) =>
    zh.studio.logs.FALLBACK?.((name) => ({ from: "Gemini", reason: "限流", to })[name] ?? "");
  expect(fallback("ChatGPT")).toBe("Gemini：限流，改用 ChatGPT");
  expect(fallback("本机")).toBe("Gemini：限流，改用本机");
  expect(zh.studio.fellBack("ChatGPT")).toBe("已回退到 ChatGPT");
  expect(zh.studio.waitingFor("本机")).toBe("正在等本机");
});
