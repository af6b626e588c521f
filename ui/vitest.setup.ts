import { afterEach, vi } from "vitest";

afterEach(() => void vi.useRealTimers());

// Most tests of modules run without a document, and need none of this.
if (typeof document !== "undefined") {
  await import("@testing-library/jest-dom/vitest");
  const { cleanup, configure } = await import("@testing-library/react");
  // A machine shared with others may stall for seconds, and the first search by role is slow.
  configure({ asyncUtilTimeout: 10_000 });
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
  // It measures nothing either: every media query is false, as on a wide screen.
  const nothing = () => undefined;
  const media = { matches: false, addEventListener: nothing, removeEventListener: nothing };
  window.matchMedia = () => media as unknown as MediaQueryList;
}
