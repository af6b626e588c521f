import { act, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { reportCall } from "@/api/connectivity";
import { StatusLines } from "@/app/status-lines";
import { cacheWith, inPage } from "../page";

const lines = (faults: boolean) =>
  render(inPage(<StatusLines />, { client: cacheWith({ features: { faults } }) }));

function goOffline() {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  act(() => reportCall(false));
}

test("nothing stands above a page that is online", () => {
  const { container } = lines(false);
  expect(container).toBeEmptyDOMElement();
});

test("the offline notice follows the part of the page that a soft keyboard leaves visible", () => {
  const view = Object.assign(new EventTarget(), { offsetTop: 0, scale: 1 });
  vi.stubGlobal("visualViewport", view);
  lines(true);
  goOffline();
  const [offline, faults] = screen.getAllByRole("status");
  expect(offline).toHaveTextContent("Offline");
  expect(faults).toHaveTextContent("Fault injection");
  const stripe = offline?.parentElement;
  expect(stripe).toHaveStyle({ top: "0px" });

  act(() => void Object.assign(view, { offsetTop: 180.4 }).dispatchEvent(new Event("scroll")));
  expect(stripe).toHaveStyle({ top: "180px" });

  // Pinch zoom: the notice keeps its place on the page.
  act(() => void Object.assign(view, { offsetTop: 90, scale: 2 }).dispatchEvent(new Event("resize")));
  expect(stripe).toHaveStyle({ top: "0px" });
});
