// @vitest-environment jsdom
import { expect, test, vi } from "vitest";
import { archiveReady } from "@/features/batch/queries";
import { problem } from "../../problem";
import { serve } from "../../server";

test("an archive that is being made is asked for again after the seconds that the server names", async () => {
  vi.useFakeTimers();
  const busy = { status: 409, headers: { "Retry-After": "5" } };
  const calls = serve(() =>
    calls.length === 1 ? Response.json(problem("E_CONFLICT", 409), busy) : new Response(),
  );
  let isReady = false;
  void archiveReady("bat_1").then(() => (isReady = true));
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
  await vi.advanceTimersByTimeAsync(4_900);
  expect(calls).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  await vi.waitFor(() => expect(isReady).toBe(true));
});
