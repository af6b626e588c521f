import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { found, ordered } from "@/features/library/shelf";

const named = (...titles: string[]) => titles.map((title) => ({ title }) as Schemas["Session"]);
const titles = (sessions: Schemas["Session"][]) => sessions.map(({ title }) => title);

test("all words must stand in the name, in any order and either case", () => {
  const shelf = named("AUREL 香水 50 ml", "Blue mug", "mug, green");
  expect(titles(found(shelf, "MUG blue"))).toEqual(["Blue mug"]);
  expect(titles(found(shelf, "香水"))).toEqual(["AUREL 香水 50 ml"]);
  expect(found(shelf, "  ")).toHaveLength(3);
});

test("names are ordered as people count, and the server's order stays as it came", () => {
  const shelf = named("photo 10", "photo 9", "Apple");
  expect(titles(ordered(shelf, "name", "en"))).toEqual(["Apple", "photo 9", "photo 10"]);
  expect(titles(ordered(shelf, "recent", "en"))).toEqual(["photo 10", "photo 9", "Apple"]);
});
