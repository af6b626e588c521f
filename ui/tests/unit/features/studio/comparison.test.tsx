import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { StudioContext, type Studio } from "@/features/studio/hooks/use-studio";
import { useComparison } from "@/features/studio/stage/use-comparison";
import { inPage } from "../../page";

const picture = (id: string) =>
  ({ id, image: { url: `/${id}` }, plan: { backdrop: {} } }) as Schemas["Variant"];
const studio = { session: { image: { url: "/photo" } }, turns: [] as Studio["turns"] } as Studio;
const wrapper = ({ children }: { children: ReactNode }) =>
  inPage(<StudioContext value={studio}>{children}</StudioContext>);

test("what was measured of two pictures is not told of others", () => {
  const [one, two] = [picture("1"), picture("2")];
  const { result } = renderHook(() => useComparison(), { wrapper });
  const differs = (of: Schemas["Variant"], from: Schemas["Variant"] | null) =>
    result.current(of, from, true).differs;
  expect(differs(one, null)).toBe("");
  act(() => result.current(one, null, true).onShare({ part: 0.4, ofProduct: true }));
  expect(differs(one, null)).toContain("40");
  expect(differs(two, null)).toBe("");
  expect(differs(one, two)).toBe("");
});
