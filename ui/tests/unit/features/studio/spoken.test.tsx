import { act, renderHook, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { emptyFeed, fold, type Feed, type JobEvent } from "@/api/feed";
import { useJobAnnouncements } from "@/features/studio/hooks/use-job-announcements";
import { LiveRegion } from "@/shared/ui/layers/live-region";
import { cacheWith, inPage } from "../../page";

const at = "2026-01-01T00:00:00Z";
const progress = (seq: number, stage: string): JobEvent => ({
  name: "progress",
  data: {
    job_id: "job_1",
    seq,
    at,
    percent: seq,
    stage,
    variant: null,
    replaces: null,
    matte_url: null,
    edge_confidence: null,
  },
});
const asked = (seq: number, model: string): JobEvent => ({
  name: "log",
  data: {
    job_id: "job_1",
    seq,
    at,
    level: "info",
    code: "ASKED",
    message: "",
    model_name: model,
    params: {},
  },
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
    progress(1, "matte"),
    progress(2, "matte"),
    asked(3, "gemini/flash"),
    progress(4, "provider"),
    progress(5, "provider"),
    progress(6, "store"),
  );
  expect(screen.getByRole("status")).toHaveTextContent(/^Cutting out$/);
  act(() => void vi.runAllTimers());
  expect(screen.getByRole("status")).toHaveTextContent(/^Waiting for Gemini Saving$/);
});
