import { createEvent, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { Dialog } from "@/shared/ui/layers/dialog";
import { Tooltip } from "@/shared/ui/layers/tooltip";
import { inPage } from "../page";

const closed: string[] = [];

beforeEach(() => {
  closed.length = 0;
  render(
    inPage(
      <Dialog title="Outer" onClose={() => closed.push("outer")}>
        <input aria-label="Name" />
        <input type="file" data-testid="file" />
        <Tooltip trigger="Help">What it means</Tooltip>
        <Dialog title="Inner" onClose={() => closed.push("inner")}>
          <p />
        </Dialog>
      </Dialog>,
    ),
  );
});

/** True if the browser may go on to close the dialog. */
function escape(target: Element, part: object = {}): boolean {
  const event = createEvent.keyDown(target, { key: "Escape", ...part });
  fireEvent(target, event);
  return !event.defaultPrevented;
}

test("Escape closes the inner one of two dialogs", () => {
  fireEvent(screen.getByRole("dialog", { name: "Inner" }), new Event("cancel", { cancelable: true }));
  expect(closed).toEqual(["inner"]);
  fireEvent(screen.getByRole("dialog", { name: "Outer" }), new Event("cancel", { cancelable: true }));
  expect(closed).toEqual(["inner", "outer"]);
});

test("a file chooser that is closed leaves its dialog open", () => {
  fireEvent(screen.getByTestId("file"), new Event("cancel", { bubbles: true }));
  expect(closed).toEqual([]);
});

test("Escape that ends the composition of an input method leaves the dialog open", () => {
  expect(escape(screen.getByLabelText("Name"), { isComposing: true })).toBe(false);
  expect(escape(screen.getByLabelText("Name"))).toBe(true);
});

test("Escape closes an open tooltip and not the dialog around it", () => {
  const trigger = screen.getByRole("button", { name: "Help" });
  fireEvent.click(trigger);
  expect(escape(trigger)).toBe(false);
  expect(screen.queryByRole("tooltip")).toBeNull();
  expect(escape(trigger)).toBe(true);
});
