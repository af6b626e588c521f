import { expect, test } from "vitest";
import { correctionBounds } from "@/api/bounds.gen";
import { chosenOf, untouched, withPoint, withSubject } from "@/features/cutout/correction";
import { subject } from "./subject";

const subjects = [subject("s1", true), subject("s2", false)];

test("a point is kept inside the photo, and there is room for a limited number", () => {
  const one = withPoint(untouched, 1.2, -0.3, "remove");
  expect(one?.points).toEqual([{ x: 1, y: 0, mode: "remove" }]);
  const full = {
    ...untouched,
    points: Array.from({ length: correctionBounds.points.maxItems }, () => ({
      x: 1,
      y: 0,
      mode: "add" as const,
    })),
  };
  expect(withPoint(full, 0.5, 0.5, "add")).toBeNull();
});

test("the first subject that is chosen replaces the automatic choice, further ones join it", () => {
  expect(chosenOf(untouched, subjects)).toEqual(["s1"]);
  const other = withSubject(untouched, "s2");
  expect(chosenOf(other, subjects)).toEqual(["s2"]);
  const both = withSubject(other, "s1");
  expect(both.subjects).toEqual(["s1", "s2"]);
  expect(withSubject(both, "s2").subjects).toEqual(["s1"]);
});

test("the last subject stays chosen, and a choice replaces the box", () => {
  const one = withSubject(untouched, "s2");
  expect(withSubject(one, "s2")).toBe(one);
  const boxed = { ...untouched, box: { x: 0, y: 0, w: 1, h: 1 } };
  expect(withSubject(boxed, "s2")).toMatchObject({ subjects: ["s2"], box: null });
});
