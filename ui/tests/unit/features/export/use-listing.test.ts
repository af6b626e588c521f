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

test("a suggestion leaves the text alone that was typed while it was being made, and so does undoing it", async () => {
  let answer: (suggestion: object) => void = () => undefined;
  const answered = new Promise((done) => (answer = done));
  serve(({ call }) => (call.startsWith("POST") ? answered : {}));
  const variant = { id: "var_1", session_id: "ses_1", description: titled("") } as Variant;
  const { result } = renderHook(() => useListing(variant), { wrapper: ({ children }) => inPage(children) });
  act(() => result.current.suggest());
  act(() => result.current.type(titled("我的杯子")));
  answer({ title: { zh: "陶瓷杯", en: "Mug" }, alt_text: { zh: "", en: "A mug" }, model: "m", cost_usd: 0 });
  await waitFor(() => expect(result.current.words.title.en).toBe("Mug"));
  expect(result.current.words).toEqual({
    title: { zh: "我的杯子", en: "Mug" },
    alt_text: { zh: "", en: "A mug" },
  });
  act(() => result.current.undo());
  expect(result.current.words).toEqual(titled("我的杯子"));
});
