import { afterEach } from "vitest";

// Most tests of modules run without a document, and need none of this.
if (typeof document !== "undefined") {
  await import("@testing-library/jest-dom/vitest");
  const { cleanup } = await import("@testing-library/react");
  afterEach(cleanup);

  // The browser of these tests knows no modal dialogs.
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
  // Nor popovers, which are never open here.
  HTMLElement.prototype.hidePopover = () => undefined;
}
