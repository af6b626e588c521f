import { expect, test, vi } from "vitest";
import { onBegun, tellBegun } from "@/api/begun";

test("a job that begins is told in this tab until nobody listens", () => {
  const heard = vi.fn();
  const stop = onBegun(heard);
  tellBegun();
  expect(heard).toHaveBeenCalledTimes(1);
  stop();
  tellBegun();
  expect(heard).toHaveBeenCalledTimes(1);
});
