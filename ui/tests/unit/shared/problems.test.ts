import { expect, it, vi } from "vitest";
import reference from "../../../../docs/reference.md?raw";
import { identity, knownCode, problemErrorOf } from "@/api/problems";
import { en } from "@/shared/i18n/messages/en";
import { zh } from "@/shared/i18n/messages/zh";

/** The catalogue as it is generated for people: code, status, retryable, words in both languages. */
const catalogue = reference
  .split("\n")
  .filter((line) => line.startsWith("| `E_"))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, code = "", , , english = "", chinese = ""]) => ({
    code: code.replaceAll("`", ""),
    english,
    chinese,
  }));

it("the page knows every code of the server's catalogue, and no other", () => {
  expect(Object.keys(en.problem.next).toSorted()).toEqual(catalogue.map(({ code }) => code).toSorted());
});

it.each(catalogue)("$code says what happened and what to do next, in both languages", (entry) => {
  const [adviceEn, adviceZh] = [en, zh].map(({ problem: { next } }) => next[knownCode(next, entry.code)]);
  const english = en.problem.whatThen(entry.english, adviceEn ?? "");
  const chinese = zh.problem.whatThen(entry.chinese, adviceZh ?? "");
  expect(entry.english).not.toBe("");
  expect(entry.chinese).toMatch(/\p{Script=Han}/u);
  // A title that says what to do is not repeated by the advice.
  if (entry.english.includes("try again")) expect(adviceEn).not.toMatch(/again|retry|wait|send/i);
  else expect(english).toMatch(/^[A-Z].*\. [A-Z].*\.$/);
  if (/请(?!求)/.test(entry.chinese)) expect(adviceZh).not.toMatch(/再|重试/);
  else expect(chinese).toMatch(/^.*\p{Script=Han}.*。.*\p{Script=Han}.*。$/u);
  expect(english).toMatch(/^[A-Z].*\.$/);
  expect(chinese).toMatch(/。$/);
  expect(chinese).not.toContain("。。");
});

it("an unknown code counts as an internal error", () => {
  expect(knownCode(en.problem.next, "E_OF_TOMORROW")).toBe("E_INTERNAL");
});

it("a request that was sent before the latest sign-in does not ask for the token again", () => {
  const asked = vi.fn();
  const body = { code: "E_UNAUTHORIZED", title: "Sign in" };
  identity.addEventListener("refused", asked);
  const before = identity.signIns;
  problemErrorOf(body, null, before);
  expect(asked).toHaveBeenCalledOnce();
  identity.signedIn();
  problemErrorOf(body, null, before);
  expect(asked).toHaveBeenCalledOnce();
  identity.removeEventListener("refused", asked);
});
