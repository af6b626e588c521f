// @vitest-environment jsdom
import { renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { useOnChange } from "@/shared/hooks/use-on-change";

test("a change calls the function once, and the first render does not", () => {
  const end = vi.fn();
  const { rerender } = renderHook(({ newest }) => useOnChange(newest, end), {
    initialProps: { newest: "job_1" },
  });
  rerender({ newest: "job_1" });
  expect(end).not.toHaveBeenCalled();
  rerender({ newest: "job_2" });
  expect(end).toHaveBeenCalledOnce();
});
