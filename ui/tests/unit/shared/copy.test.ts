// @vitest-environment jsdom
import { expect, it, vi } from "vitest";
import { copy } from "@/shared/ui/copy";

const execCommand = vi.fn<(name: string) => boolean>();
Object.assign(document, { execCommand });

function offer(clipboard: Partial<Clipboard> | undefined) {
  Object.defineProperty(navigator, "clipboard", { value: clipboard, configurable: true });
}

it("the browser's clipboard is asked first", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  offer({ writeText });
  await expect(copy("E_INTERNAL req_1")).resolves.toBe(true);
  expect(writeText).toHaveBeenCalledWith("E_INTERNAL req_1");
  expect(execCommand).not.toHaveBeenCalled();
});

it("without one the text is selected and copied, and the focus comes back", async () => {
  offer(undefined);
  document.body.innerHTML = "<button>Copy</button>";
  document.querySelector("button")?.focus();
  let selected = "";
  execCommand.mockImplementation(() => {
    const area = document.activeElement as HTMLTextAreaElement;
    selected = area.value.slice(area.selectionStart, area.selectionEnd);
    return true;
  });
  await expect(copy("E_INTERNAL req_1")).resolves.toBe(true);
  expect(selected).toBe("E_INTERNAL req_1");
  expect(document.querySelector("textarea")).toBeNull();
  expect(document.querySelector("button")).toHaveFocus();
});

it("a failed copy is reported", async () => {
  offer({ writeText: () => Promise.reject(new Error("denied")) });
  execCommand.mockReturnValue(false);
  await expect(copy("x")).resolves.toBe(false);
});
