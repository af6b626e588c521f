// @vitest-environment jsdom
import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { useSelection } from "@/features/studio/hooks/use-selection";
import type { Turn } from "@/features/studio/turns";
import { jobOf } from "../../jobs";

type Variant = Schemas["Variant"];

const pictureOf = (id: string, role: Variant["role"] = "candidate") =>
  ({ id, job_id: "job_1", role, ordinal: 1 }) as Variant;

function studio(...variants: Variant[]) {
  const turnsOf = (variants: Variant[]): Turn[] => [
    { number: 1, job: jobOf({ status: "running" }), variants, active: true },
  ];
  const { result, rerender } = renderHook(({ shown }) => useSelection(turnsOf(shown)), {
    initialProps: { shown: variants },
  });
  return {
    shown: () => result.current.variant?.id ?? null,
    selection: () => result.current,
    list: (...shown: Variant[]) => rerender({ shown }),
  };
}

test("a picture is on the stage from the moment it lands, also before it is listed", () => {
  const { shown, selection } = studio();
  act(() => selection().begin("job_1"));
  act(() => selection().land(pictureOf("var_1")));
  expect(shown()).toBe("var_1");
});

test("a preview stays on the stage until the picture lands that replaces it", () => {
  const preview = pictureOf("var_0", "preview");
  const { shown, selection, list } = studio(preview);
  act(() => selection().begin("job_1"));
  act(() => selection().land(preview));
  list(pictureOf("var_1"));
  expect(shown()).toBe("var_0");
  act(() => selection().land(pictureOf("var_1"), "var_0"));
  expect(shown()).toBe("var_1");
});

test("a preview that was picked gives way only to the picture that replaces it", () => {
  const { shown, selection, list } = studio(pictureOf("var_0", "preview"));
  act(() => selection().pick("var_0"));
  list(pictureOf("var_0", "preview"), pictureOf("var_1"));
  act(() => selection().land(pictureOf("var_1")));
  expect(shown()).toBe("var_0");
  expect(selection().unseen).toContain("var_1");
  list(pictureOf("var_2"));
  act(() => selection().land(pictureOf("var_2"), "var_0"));
  expect(shown()).toBe("var_2");
});

test("a picture that is inspected stays while others are made", () => {
  const { shown, selection, list } = studio(pictureOf("var_0", "preview"));
  act(() => selection().touch());
  list(pictureOf("var_0", "preview"), pictureOf("var_1"));
  expect(shown()).toBe("var_0");
});
