// @vitest-environment jsdom
import { act, renderHook } from "@testing-library/react";
import { useLayoutEffect } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { ProblemError } from "@/api/problems";
import { useRetryWait } from "@/shared/hooks/use-retry-wait";
import { problem } from "../problem";

beforeEach(() => void vi.useFakeTimers());

test("the seconds of a refusal run down, also once another request is on its way", () => {
  const refusal = new ProblemError(problem("E_RATE_LIMITED", 429), 28);
  const { result, rerender } = renderHook<number, { error: unknown }>(({ error }) => useRetryWait(error), {
    initialProps: { error: null },
  });
  expect(result.current).toBe(0);
  rerender({ error: refusal });
  expect(result.current).toBe(28);
  rerender({ error: null });
  act(() => void vi.advanceTimersByTime(27_500));
  expect(result.current).toBe(1);
  act(() => void vi.advanceTimersByTime(1000));
  expect(result.current).toBe(0);
  rerender({ error: new ProblemError(problem("E_INTERNAL", 500), 28) });
  expect(result.current).toBe(0);
});

test("the seconds are there from the first frame of a refusal, and nothing ticks after the last one", () => {
  const frames: number[] = [];
  const useFrames = ({ error }: { error: unknown }) => {
    const wait = useRetryWait(error);
    useLayoutEffect(() => {
      if (error) frames.push(wait);
    });
  };
  const initialProps: { error: unknown } = { error: null };
  const { rerender } = renderHook(useFrames, { initialProps });
  rerender({ error: new ProblemError(problem("E_RATE_LIMITED", 429), 0) });
  expect(frames).toEqual([1]);
  act(() => void vi.advanceTimersByTime(1000));
  expect(frames).toEqual([1, 0]);
  expect(vi.getTimerCount()).toBe(0);
});
