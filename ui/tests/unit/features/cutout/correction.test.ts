import { expect, test } from "vitest";
import { chosenOf, MOST_TAPS, untouched, withPoint, withSubject } from "@/features/cutout/correction";
import type { Schemas } from "@/api/client";

const subject = (id: string, chosen: boolean): Schemas["Subject"] => ({
  id,
  chosen,
  box: { x: 0.1, y: 0.1, w: 0.2, h: 0.2 },
  share: 0.04,
  score: 0.5,
  outline_url: `/image/mat_1?subject=${id}`,
});
const subjects = [subject("s1", true), subject("s2", false)];

test("a point is kept inside the photo, and there is room for a limited number", () => {
  const one = withPoint(untouched, 1.2, -0.3, "remove");
  expect(one?.points).toEqual([{ x: 1, y: 0, mode: "remove" }]);
  const full = {
    ...untouched,
    points: Array.from({ length: MOST_TAPS }, () => ({ x: 1, y: 0, mode: "add" as const })),
  };
  expect(withPoint(full, 0.5, 0.5, "add")).toBeNull();
});

test("the automatic choice holds until another subject is chosen", () => {
  expect(chosenOf(untouched, subjects)).toEqual(["s1"]);
  const both = withSubject(untouched, subjects, "s2");
  expect(both.subjects).toEqual(["s1", "s2"]);
  expect(withSubject(both, subjects, "s1").subjects).toEqual(["s2"]);
});

test("the last subject stays chosen, and a choice replaces the box", () => {
  expect(withSubject(untouched, subjects, "s1")).toBe(untouched);
  const boxed = { ...untouched, box: { x: 0, y: 0, w: 1, h: 1 } };
  expect(withSubject(boxed, subjects, "s2")).toMatchObject({ subjects: ["s1", "s2"], box: null });
});
