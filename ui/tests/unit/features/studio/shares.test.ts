// @vitest-environment jsdom
import { act, renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { useShares } from "@/features/studio/hooks/use-shares";
import type { StagePicture } from "@/features/studio/stage/pictures";

const picture = (url: string) => ({ url }) as StagePicture;

it("what was measured of two pictures is not told of others", () => {
  const [one, two, photo] = [picture("/1"), picture("/2"), picture("/photo")];
  const { result } = renderHook(() => useShares());
  const share = { part: 0.4, ofProduct: true };
  act(() => result.current.keep(one, photo, share));
  expect(result.current.of(one, photo)).toEqual(share);
  expect(result.current.of(two, photo)).toBeNull();
  expect(result.current.of(one, two)).toBeNull();
});
