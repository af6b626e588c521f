// @vitest-environment jsdom
import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { codeOf } from "@/api/problems";
import { useCorrection } from "@/features/cutout/use-correction";
import { problem } from "../../problem";

const matte = {
  ...{ session_id: "ses_1", url: "/image/mat_1", notices: [], correction: null },
} as unknown as Schemas["Matte"];

test("a matte that the server refused is reported, and fetched again when it is drawn anew", async () => {
  const picture = Object.assign(new Response(), { blob: () => Promise.resolve(new Blob(["matte"])) });
  const answers = [Response.json(problem("E_STORAGE_IO", 503), { status: 503 }), picture];
  vi.stubGlobal("fetch", () => Promise.resolve(answers.shift()));
  const draw = vi.fn(() => Promise.resolve());
  const { result } = renderHook(() => useCorrection(matte, draw));
  await waitFor(() => expect(codeOf(result.current.error)).toBe("E_STORAGE_IO"));
  expect(draw).not.toHaveBeenCalled();
  act(() => result.current.revoke());
  await waitFor(() => expect(result.current.notices).toEqual([]));
  expect(draw).toHaveBeenCalledOnce();
});
