import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { figuresOf } from "@/features/export/figures";
import { zhExport } from "@/shared/i18n/messages/zh/export";

type Check = Schemas["Check"];

const check = (rule: string, changes: Partial<Check> = {}) =>
  ({ rule, verdict: "pass", measured: "1", limit: "1", facts: {}, ...changes }) as Check;

const found = (rule: string, changes: Partial<Check> = {}) => figuresOf(check(rule, changes), zhExport).found;

it("white is told by its share and its darkest pixel, and 100% is said of nothing less", () => {
  const facts = { white_share: 0.99996, lowest: 238 };
  expect(found("white_ground", { facts })).toBe("99.9%，最低 238");
  expect(found("white_ground", { facts: { white_share: 1, lowest: 255 } })).toBe("100%");
});

it("what the server says as a sign or a term is said in words", () => {
  expect(found("subject_whole", { measured: "✓" })).toBe("没有碰到边缘");
  expect(found("subject_whole", { measured: "✗", verdict: "fail" })).toBe("被边缘切到");
  expect(found("subject_whole", { measured: "✓", verdict: "manual" })).toBe("没有碰到边缘");
  expect(found("camera_data", { measured: "0" })).toBe("没有");
  expect(found("provenance", { measured: "compositeSynthetic" })).toBe("真实产品 + 合成背景");
  expect(found("subject_share", { facts: { width_share: 0.48, height_share: 0.874 } })).toBe(
    "87% 高，48% 宽",
  );
});

it("figures that need no words stay as they are", () => {
  expect(figuresOf(check("size", { measured: "800 × 800", limit: "≥ 700 × 700" }), zhExport)).toEqual({
    found: "800 × 800",
    limit: "≥ 700 × 700",
  });
  expect(found("provenance", { measured: "0", verdict: "fail" })).toBe("0");
});
