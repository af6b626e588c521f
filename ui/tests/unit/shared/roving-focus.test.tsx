import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { Toolbar } from "@/shared/ui/toolbar";

const shelf = (names: readonly string[], disabled = "") => (
  <>
    <Toolbar label="Scenes">
      {names.map((name) => (
        <button key={name} type="button" disabled={name === disabled}>
          {name}
        </button>
      ))}
      <input aria-label="wish" />
      <button type="button">save</button>
    </Toolbar>
    <button type="button">next</button>
  </>
);
const button = (name: string) => screen.getByRole("button", { name });

it("a toolbar is one tab stop, at the control that had the focus last, and arrow keys move in it", async () => {
  render(shelf(["wood", "marble", "slate"], "marble"));
  const user = userEvent.setup();
  await user.tab();
  expect(button("wood")).toHaveFocus();
  await user.keyboard("{ArrowRight}");
  expect(button("slate")).toHaveFocus();
  await user.keyboard("{Home}{ArrowLeft}");
  expect(button("save")).toHaveFocus();
  await user.tab();
  expect(button("next")).toHaveFocus();
  await user.tab({ shift: true });
  expect(button("save")).toHaveFocus();
});

it("a control that comes later joins the group, and one that goes leaves its tab stop to another", async () => {
  const { rerender } = render(shelf(["wood", "marble"]));
  const user = userEvent.setup();
  await user.tab();
  rerender(shelf(["marble", "linen"]));
  await expect.poll(() => button("marble").tabIndex).toBe(0);
  expect(button("linen").tabIndex).toBe(-1);
});

it("a text field in a toolbar keeps its arrow keys, and the tab key goes on to the button behind it", async () => {
  render(shelf(["wood"]));
  const user = userEvent.setup();
  const field = screen.getByRole("textbox");
  await user.type(field, "oak{ArrowLeft}");
  expect(field).toHaveFocus();
  await user.tab();
  expect(button("save")).toHaveFocus();
});
