import { act, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { emptyFeed, type Feed } from "@/api/feed";
import { ProcessingProgress } from "@/features/studio/components/notices/progress-block";
import type { Runs } from "@/features/studio/hooks/use-runs";
import { turnsOf } from "@/features/studio/turns";
import { Late } from "@/shared/ui/late";
import { logLine } from "../../job-events";
import { jobOf } from "../../jobs";
import { inStudio } from "./studio";
import { inPage } from "../../page";

const [turn] = turnsOf({
  jobs: [jobOf({ id: "job_1", status: "running", prompt: "add blinds", changes: [] })],
  variants: [],
} as never);
const params = { words: ["add blinds"] };
const feed: Feed = {
  ...emptyFeed,
  logs: [
    logLine(1, { code: "NOT_POSSIBLE", level: "warning", params }),
    logLine(2, { code: "SOMETHING_NEW", params }),
  ],
};

test("the log of a running job does not repeat what the banner says", () => {
  if (!turn) throw new Error("no turn");
  render(
    inPage(
      inStudio(
        { feedOf: () => feed, isLost: false, runs: { cancel: { isPending: false } as Runs["cancel"] } },
        <ProcessingProgress turn={turn} begunHere={false} />,
      ),
    ),
  );
  expect(screen.getByText("SOMETHING_NEW")).toBeInTheDocument();
  expect(screen.queryByText(/Not possible here/)).toBeNull();
});

test("the progress of a job that is over at once is never shown", () => {
  vi.useFakeTimers();
  const { unmount } = render(<Late ms={800}>Progress</Late>);
  act(() => void vi.advanceTimersByTime(700));
  expect(screen.queryByText("Progress")).toBeNull();
  act(() => void vi.advanceTimersByTime(100));
  expect(screen.getByText("Progress")).toBeInTheDocument();
  unmount();
  render(<Late ms={0}>Progress</Late>);
  expect(screen.getByText("Progress")).toBeInTheDocument();
});
