import { act, renderHook, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { useFiles } from "@/features/export/hooks/use-files";
import type { useFileNames } from "@/features/export/hooks/use-file-names";
import type { useOrder } from "@/features/export/hooks/use-order";
import { cacheWith, inPage } from "../../page";
import { problem } from "../../problem";
import { serve } from "../../server";

const downloaded = vi.hoisted((): string[] => []);
const toasts = vi.hoisted((): string[] => []);
vi.mock("@/shared/ui/layers/toast", () => ({ useToast: () => (text: string) => toasts.push(text) }));
vi.mock("@/shared/download", () => ({ download: (url: string) => downloaded.push(url) }));

const order = { orders: () => new Map([["amazon-main", []]]), label: null } as unknown as ReturnType<
  typeof useOrder
>;
const names = { keep: () => undefined, of: () => ({}) } as unknown as ReturnType<typeof useFileNames>;

beforeEach(() => {
  downloaded.length = 0;
  toasts.length = 0;
});

const ready = { exports: [{ id: "exp_1", preset: "amazon-main", status: "ready", url: "/export/exp_1" }] };

/** Orders a file, whose making ends with `answer`. */
async function exporting() {
  let finish: (files: object) => void = () => undefined;
  const finished = new Promise((done) => (finish = done));
  const calls = serve(({ call }) => (call === "POST /export" ? finished : { items: [], next_cursor: null }));
  const hook = renderHook(() => useFiles("var_1", order, names, () => Promise.resolve()), {
    wrapper: ({ children }) => inPage(children, { client: cacheWith({ errors: [] }) }),
  });
  act(() => hook.result.current.make(false));
  await waitFor(() => expect(calls).toHaveLength(1));
  const answer = (files: object = ready) => finish(files);
  return { ...hook, answer };
}

test("a file is downloaded, and no longer shown, if the selection is changed while it is being made", async () => {
  const { result, answer } = await exporting();
  act(() => result.current.forget());
  answer();
  await waitFor(() => expect(downloaded).toEqual(["/export/exp_1"]));
  expect(result.current.made).toEqual([]);
});

test("a file is downloaded if the dialog is closed while it is being made", async () => {
  const { unmount, answer } = await exporting();
  unmount();
  answer();
  await waitFor(() => expect(downloaded).toEqual(["/export/exp_1"]));
});

const noFile = { exports: [{ id: "exp_1", preset: "amazon-main", status: "failed", url: null }] };
const refusal = () => Response.json({ ...problem("E_INTERNAL", 500), request_id: null }, { status: 500 });

test.each([
  ["a file that could not be made", () => noFile, "Some files could not be made; export them again."],
  ["an order that failed", refusal, expect.stringMatching(/^Export failed\. /)],
])("%s is told on the page if the dialog was closed meanwhile", async (_, answerOf, text) => {
  const { unmount, answer } = await exporting();
  unmount();
  answer(answerOf());
  await waitFor(() => expect(toasts).toEqual([text]));
});

test("a failure is told by the dialog alone while it shows the files", async () => {
  const { result, answer } = await exporting();
  answer(noFile);
  await waitFor(() => expect(result.current.haveFailed).toBe(true));
  expect(toasts).toEqual([]);
});
