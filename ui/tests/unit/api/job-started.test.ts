import { expect, test, vi } from "vitest";
import { onJobStarted, notifyJobStarted } from "@/api/job-started";

test("a job that begins is told in this tab until nobody listens", () => {
  const heard = vi.fn();
  const stop = onJobStarted(heard);
  notifyJobStarted();
  expect(heard).toHaveBeenCalledTimes(1);
  stop();
  notifyJobStarted();
  expect(heard).toHaveBeenCalledTimes(1);
});
