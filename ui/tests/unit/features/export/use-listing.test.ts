// @vitest-environment jsdom
import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Variant } from "@/api/client";
import { useListing } from "@/features/export/hooks/use-listing";
import { serve } from "../../server";
import { inPage } from "../../page";

const titled = (zh: string) => ({ title: { zh, en: "" }, alt_text: { zh: "", en: "" } });

test("texts that change while they are saved are saved after the older ones", async () => {
  const answers: (() => void)[] = [];
  const calls = serve(() => new Promise((done) => answers.push(() => done({}))));
  const variant = { id: "var_1", session_id: "ses_1", description: titled("") } as Variant;
  const { result } = renderHook(() => useListing(variant), { wrapper: ({ children }) => inPage(children) });
  for (const title of ["杯", "杯子"]) {
    act(() => result.current.type(titled(title)));
    act(() => void result.current.keep());
  }
  await waitFor(() => expect(calls).toHaveLength(1));
  expect(result.current.isSaving).toBe(true);
  answers[0]?.();
  await waitFor(() => expect(calls.map(({ body }) => body)).toEqual([titled("杯"), titled("杯子")]));
});
