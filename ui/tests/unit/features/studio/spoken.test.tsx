import { act, renderHook, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { emptyFeed, fold, type Feed, type JobEvent } from "@/api/feed";
import { useJobAnnouncements } from "@/features/studio/hooks/use-feeds";
import { LiveRegion } from "@/shared/ui/layers/live-region";
import { logLine, progress } from "../../job-events";
import { cacheWith, inPage } from "../../page";

const asked = (seq: number, model: string): JobEvent => ({
  name: "log",
  data: logLine(seq, { code: "ASKED", model_name: model }),
});

function hear(...events: JobEvent[]): void {
  const client = cacheWith({
    providers: [{ id: "gemini", name: { zh: "Gemini", en: "Gemini" } }],
  });
  const { result } = renderHook(() => useJobAnnouncements([]), {
    wrapper: ({ children }) => inPage(<LiveRegion>{children}</LiveRegion>, { client }),
  });
  let feed: Feed = emptyFeed;
  for (const event of events) {
    feed = fold(feed, event);
    act(() => result.current(event, feed));
  }
}

it("who is waited for is named, and each stage is said once", () => {
  vi.useFakeTimers();
  hear(
    progress(1, { stage: "matte" }),
    progress(2, { stage: "matte" }),
    asked(3, "gemini/flash"),
    progress(4, { stage: "provider" }),
    progress(5, { stage: "provider" }),
    progress(6, { stage: "store" }),
  );
  expect(screen.getByRole("status")).toHaveTextContent(/^Cutting out$/);
  act(() => void vi.runAllTimers());
  expect(screen.getByRole("status")).toHaveTextContent(/^Waiting for Gemini Saving$/);
});
