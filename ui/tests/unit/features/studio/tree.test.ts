import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { goesStraightOn, pathTo, treeOf, type Branch } from "@/features/studio/tree";
import type { Turn } from "@/features/studio/turns";

const variant = (id: string, parent_id: string | null) => ({ id, parent_id }) as Schemas["Variant"];
const turn = (number: number, ...variants: Schemas["Variant"][]) => ({ number, variants }) as unknown as Turn;

const turns = [
  turn(1, variant("a", null), variant("b", null)),
  turn(2, variant("a-a", "a")),
  turn(3, variant("c", null)),
  turn(4, variant("a-b", "a"), variant("lost", "deleted")),
];
const shape = (branches: readonly Branch[]): unknown =>
  branches.map((branch) => [branch.variant.id, branch.turn.number, shape(branch.children)]);

it("each picture stands under the one it was made of, and one whose origin is gone under the photo", () => {
  expect(shape(treeOf(turns))).toEqual([
    [
      "a",
      1,
      [
        ["a-a", 2, []],
        ["a-b", 4, []],
      ],
    ],
    ["b", 1, []],
    ["c", 3, []],
    ["lost", 4, []],
  ]);
});

it("a run of single steps is not indented step by step, but a choice is", () => {
  const steps = [turn(1, variant("a", null), variant("b", null)), turn(2, variant("a1", "a"))];
  steps.push(turn(3, variant("a2", "a1")), turn(4, variant("a3", "a2"), variant("a4", "a2")));
  const indents = (branches: readonly Branch[], siblings: readonly Branch[]): string[] =>
    branches.flatMap((branch) => [
      ...(goesStraightOn(branches, siblings) ? [] : [branch.variant.id]),
      ...indents(branch.children, branches),
    ]);
  expect(indents(treeOf(steps), [])).toEqual(["a", "a1", "a3", "a4", "b"]);
});

it("the path leads from the first picture to the one that is shown", () => {
  expect([...pathTo("a-b", turns)].toSorted()).toEqual(["a", "a-b"]);
  expect([...pathTo("lost", turns)]).toEqual(["lost"]);
  expect([...pathTo("nowhere", turns)]).toEqual([]);
});
