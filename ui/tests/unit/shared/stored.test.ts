// @vitest-environment jsdom
import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { isBoolean, useStored, useStoredIds } from "@/shared/hooks/use-stored";

afterEach(() => localStorage.clear());

/** Writes a value as another tab does. */
function writeElsewhere(key: string, value: unknown): void {
  localStorage.setItem(`stillroom.${key}`, JSON.stringify(value));
  act(() => void window.dispatchEvent(new StorageEvent("storage")));
}

test("a value that another tab writes is shown here", () => {
  const { result } = renderHook(() => useStored("shortcuts-shown", true, isBoolean)[0]);
  writeElsewhere("shortcuts-shown", false);
  expect(result.current).toBe(false);
});

test("ids that another tab added stay when this one adds its own", () => {
  const { result } = renderHook(() => useStoredIds("chosen", 3));
  act(() => result.current.set("a", true));
  writeElsewhere("chosen", ["a", "b"]);
  act(() => result.current.set("c", true));
  expect(localStorage.getItem("stillroom.chosen")).toBe('["a","b","c"]');
  act(() => result.current.set("d", true));
  expect(["a", "b", "c", "d"].filter(result.current.has)).toEqual(["b", "c", "d"]);
});
