import { fireEvent, render, screen } from "@testing-library/react";
import { createRef } from "react";
import { expect, test } from "vitest";
import { PromptField } from "@/shared/recipe/prompt-field";
import { inPage } from "../page";

const nothing = () => undefined;

test("Escape leaves the field, but not while it ends the composition of an input method", () => {
  const ref = createRef<HTMLTextAreaElement>();
  const words = { label: "Words", placeholder: "", value: "", limit: 10, phrases: [], hint: "", error: null };
  render(inPage(<PromptField ref={ref} {...words} onChange={nothing} onSubmit={nothing} />));
  const field = screen.getByRole("textbox");
  field.focus();
  fireEvent.keyDown(field, { key: "Escape", isComposing: true });
  expect(field).toHaveFocus();
  fireEvent.keyDown(field, { key: "Escape" });
  expect(field).not.toHaveFocus();
});
