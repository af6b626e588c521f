import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Lifted } from "@/features/studio/placing/arrange-parts";

// The DOM of the tests decodes no pictures.
HTMLImageElement.prototype.decode = () => new Promise(() => undefined);

const at = { x: 0.5, y: 0.5, fill: 0.6, turn: 0 };

function lifted(surroundings: string | null) {
  render(
    <Lifted url="/picture" matteUrl="/matte" surroundings={surroundings} from={at} to={at} isShown={true} />,
  );
  return screen.getByTestId("in-hand").querySelector(":scope > div");
}

test("a product in hand takes its shadow along, outside of its mask", () => {
  const moved = lifted("blob:surroundings");
  expect(moved?.getAttribute("style")).not.toContain("mask");
  expect(moved?.querySelector("canvas + div")?.getAttribute("style")).toContain("/picture");
});

test("on a checkerboard it has none", () => {
  expect(lifted(null)?.querySelector("canvas")).toBeNull();
});
