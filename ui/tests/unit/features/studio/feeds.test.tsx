import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import { useFeeds } from "@/features/studio/hooks/use-feeds";
import { jobOf } from "../../jobs";

const server = vi.hoisted(() => ({
  streams: [] as string[],
  jobs: [] as { id: string; status: string }[],
  calls: 0,
}));

vi.mock("@/api/events", async (actual) => ({
  ...(await actual<object>()),
  follow: ({ jobId }: { jobId: string }) => {
    server.streams.push(jobId);
    return () => server.streams.splice(server.streams.indexOf(jobId), 1);
  },
}));

vi.mock("@/api/queries", async (actual) => ({
  ...(await actual<object>()),
  fetchActive: () => {
    server.calls += 1;
    return Promise.resolve(server.jobs.filter(({ status }) => status !== "failed"));
  },
  fetchJob: (jobId: string) => Promise.resolve(server.jobs.find(({ id }) => id === jobId)),
}));

const running = (n: number) => jobOf({ id: `job_${n}`, status: "running" });
const sessionOf = (jobs: Schemas["Job"][]) =>
  ({ id: "ses_1", jobs, variants: [] }) as unknown as Schemas["Session"];

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(server, { streams: [], jobs: [], calls: 0 });
});
afterEach(() => void vi.useRealTimers());

function studio(jobs: Schemas["Job"][]) {
  const client = new QueryClient();
  const key = sessionQuery("ses_1").queryKey;
  client.setQueryData(key, sessionOf(jobs));
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { unmount } = renderHook(() => useFeeds(sessionOf(jobs), () => undefined), { wrapper });
  const statusOf = (id: string) => client.getQueryData(key)?.jobs.find((job) => job.id === id)?.status;
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  return { unmount, statusOf, pass };
}

test("three jobs have streams, and the others are asked for now and then, all in one call", async () => {
  const { statusOf, pass, unmount } = studio([1, 2, 3, 4, 5].map(running));
  expect(server.streams).toEqual(["job_1", "job_2", "job_3"]);
  server.jobs = [
    jobOf({ id: "job_1", status: "queued" }),
    jobOf({ id: "job_4", status: "failed" }),
    jobOf({ id: "job_5", status: "running" }),
  ];
  await pass(5_000);
  expect(server.calls).toBe(1);
  expect(statusOf("job_4")).toBe("failed");
  // What a stream tells is newer than any answer.
  expect(statusOf("job_1")).toBe("running");
  unmount();
  expect(server.streams).toEqual([]);
  await pass(20_000);
  expect(server.calls).toBe(1);
});

test("with three jobs or fewer nothing is asked", async () => {
  const { pass } = studio([1, 2, 3].map(running));
  await pass(20_000);
  expect(server.calls).toBe(0);
});
