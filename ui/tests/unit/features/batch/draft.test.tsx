import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { useDraft } from "@/features/batch/draft";
import { cacheWith, inPage } from "../../page";

test("an answer that arrives late changes its own part of the draft alone", () => {
  const client = cacheWith({ platforms: [], export_presets: [] });
  const { result } = renderHook(() => useDraft(), {
    wrapper: ({ children }) => inPage(children, { client }),
  });
  const { change } = result.current;
  act(() => result.current.change({ name: "Spring" }));
  act(() => change({ recipeId: "rcp_1" }));
  expect(result.current.draft).toMatchObject({ name: "Spring", recipeId: "rcp_1" });
});
