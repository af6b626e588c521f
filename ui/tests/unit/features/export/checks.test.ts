import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import {
  countOf,
  sorted,
  sourcesOf,
  lowestGrade,
  overallVerdict,
  type Verdict,
} from "@/features/export/checks";

const check = (verdict: Verdict, part: Partial<Schemas["Check"]> = {}) =>
  ({
    rule: verdict,
    verdict,
    measured: verdict === "manual" ? null : "1",
    grade: "A",
    source: "the shop",
    checked_on: "2026-01-01",
    ...part,
  }) as Schemas["Check"];

it("what must be fixed comes first, what passed last", () => {
  const list = (["pass", "manual", "warn", "fail"] as const).map((verdict) => check(verdict));
  expect(sorted(list).map(({ verdict }) => verdict)).toEqual(["fail", "warn", "manual", "pass"]);
});

it("a file is as good as its worst measured rule; a look by eye is no verdict", () => {
  expect(overallVerdict([check("pass"), check("manual")])).toBe("pass");
  expect(overallVerdict([check("manual")])).toBeNull();
  expect(overallVerdict([])).toBeNull();
  expect(countOf([check("fail"), check("fail"), check("pass")], "fail")).toBe(2);
});

it("a figure that rests on a doubtful cut-out keeps a file from passing", () => {
  expect(overallVerdict([check("pass"), check("manual", { measured: "86%" })])).toBe("manual");
  expect(overallVerdict([check("fail"), check("manual", { measured: "86%" })])).toBe("fail");
});

it("the least known rule gives the grade, and our own advice gives none", () => {
  expect(lowestGrade([check("pass", { grade: "B" }), check("pass", { grade: "C" })])).toBe("C");
  expect(lowestGrade([check("pass"), check("pass", { grade: null })])).toBeNull();
  const sources = sourcesOf([check("pass"), check("fail"), check("warn", { grade: null, source: "us" })]);
  expect(sources.map(({ source, rules }) => [source, rules.length])).toEqual([["the shop", 2]]);
});
