// @vitest-environment jsdom
import { renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { useUntilNextTurn } from "@/features/studio/instruction/use-until-next-turn";

test("a refusal ends with the next turn, and not before", () => {
  const end = vi.fn();
  const { rerender } = renderHook(({ newest }) => useUntilNextTurn(newest, end), {
    initialProps: { newest: "job_1" },
  });
  rerender({ newest: "job_1" });
  expect(end).not.toHaveBeenCalled();
  rerender({ newest: "job_2" });
  expect(end).toHaveBeenCalledOnce();
});
