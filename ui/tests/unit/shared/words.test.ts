import { expect, it } from "vitest";
import { en, zh } from "./catalogues";

/** Every plain text of a catalogue by its path; texts with gaps are checked by their type. */
function texts(tree: object, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    if (typeof value === "string") return [[path + key, value]];
    return typeof value === "object" && value !== null ? texts(value, `${path}${key}.`) : [];
  });
}

it("open lists of words hold the same entries in both languages", () => {
  for (const list of ["reasons", "logs", "shortcutList", "stages"] as const) {
    expect(Object.keys(zh.studio[list])).toEqual(Object.keys(en.studio[list]));
  }
  expect(Object.keys(zh.settings.states)).toEqual(Object.keys(en.settings.states));
});

it("Chinese is written as Chinese: no polite you, no cheering, full-width punctuation after Han", () => {
  for (const [path, text] of texts(zh)) {
    expect(text, path).not.toMatch(/您|请您|成功地|！|!/);
    expect(text, path).not.toMatch(/\p{Script=Han}[,;:?.]/u);
  }
});

it("English is plain: no please, no oops, no exclamation", () => {
  for (const [path, text] of texts(en)) expect(text, path).not.toMatch(/please|oops|!/i);
});

it("numbers agree with their nouns", () => {
  expect(en.export.button(1)).toBe("Export 1 file");
  expect(en.export.button(3)).toBe("Export 3 files");
  expect(en.studio.queuedAt(2)).toBe("2nd in the queue");
  expect(en.studio.queuedAt(11)).toBe("11th in the queue");
  expect(zh.home.deleteBody(7, 3)).toBe("1 张原图、7 个版本和 3 个导出文件会一起删掉，无法恢复。");
});

it("a refused instruction is not said to be free: a reader model may have been paid to read it", () => {
  expect(en.studio.refusedInstruction).not.toMatch(/charged|free|cost/i);
  expect(zh.studio.refusedInstruction).not.toMatch(/费|钱/);
});

it("a label and its value are joined by the colon of the language", () => {
  expect(en.common.labelled("Request id", "req_1")).toBe("Request id: req_1");
  expect(zh.common.labelled("请求编号", "req_1")).toBe("请求编号：req_1");
});
