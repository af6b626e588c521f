import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { ToastProvider, useToast } from "@/shared/ui/layers/toast";

beforeEach(() => {
  vi.useFakeTimers();
});

function Remove() {
  const toast = useToast();
  return <button onClick={() => toast("Removed", { label: "Undo", act: () => undefined })}>Remove</button>;
}

const pass = (seconds: number): void => {
  act(() => {
    vi.advanceTimersByTime(1000 * seconds);
  });
};

it("a message with a button stays for twenty seconds, and as long as the button has the focus", () => {
  render(
    <ToastProvider>
      <Remove />
    </ToastProvider>,
  );
  fireEvent.click(screen.getByText("Remove"));
  pass(19);
  const undo = screen.getByRole("button", { name: "Undo" });
  fireEvent.focus(undo);
  pass(60);
  expect(screen.getByText("Removed")).toBeVisible();
  fireEvent.blur(undo);
  pass(21);
  expect(screen.queryByText("Removed")).toBeNull();
});

it("a message moves to where it covers no button", () => {
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    return this.matches("button") ? new DOMRect(0, 60, 375, 40) : new DOMRect(100, 60, 200, 40);
  });
  render(
    <ToastProvider>
      <Remove />
    </ToastProvider>,
  );
  fireEvent.click(screen.getByText("Remove"));
  expect(screen.getByText("Removed").parentElement?.style.translate).toBe("0 48px");
});
