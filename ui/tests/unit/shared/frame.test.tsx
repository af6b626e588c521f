import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { Frame } from "@/shared/ui/frame";
import { inPage } from "../page";

const show = (src: string) => inPage(<Frame src={src} alt="1.1" />);
const picture = () => screen.getByRole("img", { name: "1.1" });
const lost = () => screen.queryByText("The picture did not load; trying again");

beforeEach(() => {
  vi.useFakeTimers();
});

it("a picture that failed to load is retried, and the frame says so until it loads", () => {
  render(show("/image/1"));
  const first = picture();
  fireEvent.error(first);
  expect(lost()).toBeInTheDocument();
  act(() => {
    vi.advanceTimersByTime(2000);
  });
  const second = picture();
  expect(second).not.toBe(first);
  expect(second).toHaveAttribute("src", "/image/1");
  fireEvent.load(second);
  expect(lost()).toBeNull();
  expect(second).not.toHaveClass("opacity-0");
});

it("the online event retries at once, and another picture starts without retries", () => {
  const { rerender } = render(show("/image/1"));
  const first = picture();
  fireEvent.error(first);
  act(() => {
    window.dispatchEvent(new Event("online"));
  });
  expect(picture()).not.toBe(first);
  fireEvent.error(picture());
  rerender(show("/image/2"));
  expect(lost()).toBeNull();
});

it("retries of a missing picture end", () => {
  render(show("/image/1"));
  let asked = 0;
  for (let wait = 0; wait < 100; wait += 1) {
    const before = picture();
    fireEvent.error(before);
    act(() => {
      vi.advanceTimersByTime(8000);
    });
    if (picture() !== before) asked += 1;
  }
  expect(asked).toBeLessThan(20);
});

it("a local photo that the browser cannot show, such as HEIC, leaves the frame plain", () => {
  render(show("blob:1"));
  fireEvent.error(picture());
  expect(lost()).toBeNull();
});
