// @vitest-environment jsdom
import { act, renderHook } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { useBlink } from "@/features/studio/stage/use-blink";

it("pictures that were stopped by hand take turns again the next time", () => {
  vi.useFakeTimers();
  const { result, rerender } = renderHook(({ active }) => useBlink(active), {
    initialProps: { active: true },
  });
  act(() => {
    result.current.swap();
  });
  expect(result.current.earlier).toBe(true);
  act(() => {
    vi.advanceTimersByTime(5_000);
  });
  expect(result.current.earlier).toBe(true);

  rerender({ active: false });
  rerender({ active: true });
  expect(result.current.earlier).toBe(false);
  act(() => {
    vi.advanceTimersByTime(600);
  });
  expect(result.current.earlier).toBe(true);
});
