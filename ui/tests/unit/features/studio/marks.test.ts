import { expect, it } from "vitest";
import { marksOf } from "@/features/studio/marks";
import { isUnverified } from "@/shared/verified";
import { limits } from "./limits";

const marks = (measures: Record<string, unknown>, asked: string[] = []) =>
  marksOf({ measures, plan: { asked }, image: { width: 1000, height: 1000 } } as never, limits);
const verdicts = (measures: Record<string, unknown>, asked: string[] = []) =>
  Object.fromEntries(marks(measures, asked).map(({ name, verdict }) => [name, verdict]));

it("a figure within its tolerance is good, at the limit too", () => {
  expect(verdicts({ kelvin_shift: -150, light_shift_deg: 5 })).toEqual({
    kelvin_shift: "good",
    light_shift_deg: "good",
  });
});

it("a drift that was not asked for wants a look, one that was asked for does not", () => {
  expect(verdicts({ kelvin_shift: 190 })).toEqual({ kelvin_shift: "look" });
  expect(verdicts({ kelvin_shift: 190 }, ["tone"])).toEqual({ kelvin_shift: "asked" });
});

it("what was asked for is told as asked, however small the change", () => {
  expect(verdicts({ light_shift_deg: 0.2, kelvin_shift: 12 }, ["light"])).toEqual({
    light_shift_deg: "asked",
    kelvin_shift: "good",
  });
});

it("a product nobody can vouch for has no figure, and wants a look", () => {
  expect(marks({ verified: false, protected_delta_e: null, kelvin_shift: null })).toEqual([
    { name: "protected_delta_e", value: null, verdict: "look", limit: "6", fix: "product" },
  ]);
});

it("no wish allows the product itself to change", () => {
  expect(verdicts({ protected_delta_e: 6.8 }, ["tone", "light"])).toEqual({ protected_delta_e: "look" });
});

it("what was not measured is left out", () => {
  expect(marks({ kelvin_shift: null, logo_shift_px: Number.NaN })).toEqual([]);
});

it("the share is that of the product's longer side, and an uncertain outline wants a look", () => {
  expect(marks({ subject_box: [100, 100, 300, 720], edge_confidence: 0.84 })).toEqual([
    { name: "subject", value: "72%", verdict: "good", limit: "" },
    { name: "edge_confidence", value: "84%", verdict: "look", limit: "90%" },
  ]);
});

it("a picture whose cut-out is doubtful carries no tick, however good its figures are", () => {
  const figures = { protected_delta_e: 0.4, subject_box: [100, 100, 300, 720], edge_confidence: 0.97 };
  const good = { ...figures, coverage: 0.2, cut_sides: [], quality: 0.93 };
  const of = (doubt: Record<string, unknown>) => {
    const of = marks({ ...good, ...doubt });
    const looks = of.filter(({ verdict }) => verdict === "look").map(({ name }) => name);
    return [looks, of.some(({ verdict }) => verdict === "good")];
  };
  expect(of({ needs_review: false })).toEqual([[], true]);
  expect(of({ needs_review: true, cut_sides: ["left"] })).toEqual([["cut_off"], false]);
  expect(of({ needs_review: true, matte_doubts: ["soft", "looks_differ"] })).toEqual([
    ["looks_differ", "soft"],
    false,
  ]);
  expect(of({ needs_review: true })).toEqual([["doubted"], false]);
});

it("a colour difference that 95 of 100 pixels stay under is judged by what was promised for it", () => {
  expect(verdicts({ protected_delta_e: 5.9 })).toEqual({ protected_delta_e: "good" });
  expect(verdicts({ protected_delta_e: 6.1 })).toEqual({ protected_delta_e: "look" });
});

it("only a product that could not be matched counts as unverified", () => {
  expect(isUnverified({ verified: false })).toBe(true);
  expect(isUnverified({})).toBe(false);
});

it("a fix is offered for what needs a look, and for nothing else", () => {
  const measures = {
    light_shift_deg: 12,
    kelvin_shift: 190,
    perspective_deg: 2,
    logo_shift_px: 3,
    protected_delta_e: 1,
  };
  const fixes = Object.fromEntries(marks(measures, ["tone"]).map(({ name, fix }) => [name, fix]));
  expect(fixes).toEqual({
    protected_delta_e: undefined,
    light_shift_deg: "light",
    kelvin_shift: undefined,
    perspective_deg: "perspective",
    logo_shift_px: "logo",
  });
});

it("candidates are told apart by a score, and a low one wants a look", () => {
  expect(marks({ quality: 0.914 })).toEqual([{ name: "quality", value: "91", verdict: "good", limit: "60" }]);
  expect(verdicts({ quality: 0.42 })).toEqual({ quality: "look" });
});
