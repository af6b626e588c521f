// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { spaceKey } from "@/shared/stage/space-key";

const press = (type: "keydown" | "keyup", target: EventTarget = document.body) =>
  target.dispatchEvent(new KeyboardEvent(type, { key: " ", bubbles: true, cancelable: true }));

describe("space key", () => {
  it("is held from its press to its release", () => {
    const isHeld = spaceKey(new AbortController().signal);
    press("keydown");
    expect(isHeld()).toBe(true);
    press("keyup");
    expect(isHeld()).toBe(false);
  });

  it("is not held any more when the window has lost the focus, where its release is not heard", () => {
    const isHeld = spaceKey(new AbortController().signal);
    press("keydown");
    window.dispatchEvent(new Event("blur"));
    expect(isHeld()).toBe(false);
  });

  it("belongs to a control that has the focus", () => {
    const button = document.body.appendChild(document.createElement("button"));
    const isHeld = spaceKey(new AbortController().signal);
    press("keydown", button);
    expect(isHeld()).toBe(false);
    button.remove();
  });
});
