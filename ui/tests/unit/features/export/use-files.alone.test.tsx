import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { useFiles } from "@/features/export/hooks/use-files";
import type { useFileNames } from "@/features/export/hooks/use-file-names";
import type { useOrder } from "@/features/export/hooks/use-order";
import { inPage } from "../../page";
import { serve } from "../../server";

const downloaded = vi.hoisted((): string[] => []);
vi.mock("@/shared/download", () => ({ download: (url: string) => downloaded.push(url) }));

const order = { orders: () => new Map([["amazon-main", []]]), label: null } as unknown as ReturnType<
  typeof useOrder
>;
const names = { keep: () => undefined, of: () => ({}) } as unknown as ReturnType<typeof useFileNames>;

test("a file is downloaded, and no longer shown, if the selection is changed while it is being made", async () => {
  let answer: (files: object) => void = () => undefined;
  const answered = new Promise((done) => (answer = done));
  const calls = serve(({ call }) => (call === "POST /export" ? answered : { items: [], next_cursor: null }));
  const { result } = renderHook(() => useFiles("var_1", order, names, () => Promise.resolve()), {
    wrapper: ({ children }) => inPage(children),
  });
  act(() => result.current.make(false));
  await waitFor(() => expect(calls).toHaveLength(1));
  act(() => result.current.forget());
  answer({ exports: [{ id: "exp_1", preset: "amazon-main", status: "ready", url: "/export/exp_1" }] });
  await waitFor(() => expect(downloaded).toEqual(["/export/exp_1"]));
  expect(result.current.made).toEqual([]);
});
