import { act, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { addLayer, TopLayer } from "@/shared/ui/layers/top-layer";

function opened(dialog: HTMLElement): () => void {
  let remove: () => void = () => undefined;
  act(() => {
    remove = addLayer({ element: dialog, close: () => undefined });
  });
  return () => act(remove);
}

it("what is said stands in the topmost dialog, as the same element, and on the page when none is open", () => {
  const [below, above] = [document.createElement("dialog"), document.createElement("dialog")];
  document.body.append(above, below);
  render(
    <TopLayer>
      <p role="status">said</p>
    </TopLayer>,
  );
  const said = screen.getByText("said");
  const layer = () => said.closest("dialog");
  expect(layer()).toBeNull();

  const closeBelow = opened(below);
  const closeAbove = opened(above);
  expect(layer()).toBe(above);
  closeBelow();
  expect(layer()).toBe(above);
  above.remove();
  closeAbove();
  expect(said.parentElement?.parentElement).toBe(document.body);
  expect(screen.getByText("said")).toBe(said);
});
