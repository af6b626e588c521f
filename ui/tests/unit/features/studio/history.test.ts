// @vitest-environment jsdom
import { act, renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { forwardOf, useHistory } from "@/features/studio/hooks/use-history";
import { useSelection } from "@/features/studio/hooks/use-selection";
import { turnsOf } from "@/features/studio/turns";

const job = (id: string) => ({ id, created_at: id, status: "succeeded" });
const variant = (id: string, job_id: string, parent_id: string | null) => ({
  id,
  job_id,
  parent_id,
  ordinal: 1,
  role: "candidate",
});
const variants = [
  variant("a", "job_1", null),
  variant("b", "job_2", "a"),
  variant("c", "job_3", "a"),
] as unknown as Schemas["Variant"][];
const turns = turnsOf({
  jobs: ["job_1", "job_2", "job_3"].map(job),
  variants,
} as unknown as Schemas["Session"]);

test("forward leads to the picture that was left last by going back, else to the newest made of this one", () => {
  const [a, b] = variants;
  expect(forwardOf(turns, a ?? null, ["b"])?.id).toBe("b");
  expect(forwardOf(turns, a ?? null, ["c", "b"])?.id).toBe("b");
  expect(forwardOf(turns, a ?? null, [])?.id).toBe("c");
  expect(forwardOf(turns, null, [])?.id).toBe("a");
  expect(forwardOf(turns, b ?? null, ["b"])).toBeNull();
});

test("a change that is still being made is undone by ending it, and the picture it starts from stays", () => {
  const session = {
    jobs: [...["job_1", "job_2"].map(job), { ...job("job_4"), status: "running" }],
    variants,
  };
  const pending = turnsOf(session as unknown as Schemas["Session"]);
  const cancel = vi.fn();
  const { result } = renderHook(() => {
    const selection = useSelection(pending);
    return { selection, history: useHistory(pending, selection, cancel) };
  });
  act(() => result.current.selection.pick("b"));
  act(() => result.current.selection.begin("job_4"));
  act(() => result.current.history.undo?.());
  expect(cancel).toHaveBeenCalledExactlyOnceWith("job_4");
  expect(result.current.selection.variant?.id).toBe("b");
  act(() => result.current.history.undo?.());
  expect(cancel).toHaveBeenCalledOnce();
  expect(result.current.selection.variant?.id).toBe("a");
});
