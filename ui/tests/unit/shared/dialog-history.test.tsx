import { act, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, expect, it } from "vitest";
import { Dialog } from "@/shared/ui/layers/dialog";
import { inPage } from "../page";

let show: (titles: string[]) => void;

function Page() {
  const [titles, setTitles] = useState<string[]>([]);
  show = (next) => act(() => setTitles(next));
  return titles.map((title, at) => (
    <Dialog key={title} title={title} onClose={() => setTitles(titles.slice(0, at))}>
      <p />
    </Dialog>
  ));
}

const titles = () => screen.queryAllByRole("heading").map(({ textContent }) => textContent);
/** Waits for the address that a traversal leads to, or for a change of the dialogs. */
const traverse = (by: number, then: () => void) => {
  history.go(by);
  return waitFor(then);
};
const depth = () => (history.state as { dialogs?: number } | null)?.dialogs ?? 0;

beforeEach(async () => {
  Object.assign(HTMLDialogElement.prototype, {
    showModal(this: HTMLDialogElement) {
      this.open = true;
    },
    close(this: HTMLDialogElement) {
      this.open = false;
    },
  });
  await waitFor(() => expect(depth()).toBe(0));
  history.pushState(null, "", "/");
  history.pushState(null, "", "/studio/ses_1");
  render(inPage(<Page />));
});

it("back closes the topmost dialog, then the one below, and only then leaves the page", async () => {
  show(["Versions"]);
  show(["Versions", "Rename"]);
  await waitFor(() => expect(depth()).toBe(2));
  expect(location.pathname).toBe("/studio/ses_1");
  await traverse(-1, () => expect(titles()).toEqual(["Versions"]));
  await traverse(-1, () => expect(titles()).toEqual([]));
  expect(location.pathname).toBe("/studio/ses_1");
  await traverse(-1, () => expect(location.pathname).toBe("/"));
});

it("a dialog that is closed otherwise leaves no step behind, and forward does not reopen one", async () => {
  show(["Versions"]);
  await waitFor(() => expect(depth()).toBe(1));
  show([]);
  await waitFor(() => expect(depth()).toBe(0));
  const seen: number[] = [];
  const see = () => seen.push(depth());
  window.addEventListener("popstate", see);
  history.forward();
  await waitFor(() => expect(seen).toEqual([1, 0]));
  window.removeEventListener("popstate", see);
  expect(titles()).toEqual([]);
  await traverse(-1, () => expect(location.pathname).toBe("/"));
});

it("a dialog that follows another one takes over its step", async () => {
  show(["Versions"]);
  await waitFor(() => expect(depth()).toBe(1));
  show(["Export"]);
  await traverse(-1, () => expect(titles()).toEqual([]));
  await traverse(-1, () => expect(location.pathname).toBe("/"));
});

it("back after a link in a dialog returns to the page itself", async () => {
  show(["Versions"]);
  await waitFor(() => expect(depth()).toBe(1));
  history.pushState(null, "", "/settings");
  show([]);
  await traverse(-1, () => expect([location.pathname, depth()]).toEqual(["/studio/ses_1", 0]));
});
