import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { useSingleMutation } from "@/shared/hooks/use-single-mutation";
import { inPage } from "../page";

test("a double click sends once, and a later click sends again", async () => {
  const answers: (() => void)[] = [];
  const send = () => new Promise<void>((done) => answers.push(done));
  const { result } = renderHook(() => useSingleMutation({ mutationFn: send }), {
    wrapper: ({ children }) => inPage(children),
  });
  const { mutate } = result.current;
  act(() => {
    mutate();
    mutate();
  });
  await waitFor(() => expect(result.current.isPending).toBe(true));
  expect(answers).toHaveLength(1);
  answers[0]?.();
  await waitFor(() => expect(result.current.isSuccess).toBe(true));
  act(() => result.current.mutate());
  await waitFor(() => expect(answers).toHaveLength(2));
});
