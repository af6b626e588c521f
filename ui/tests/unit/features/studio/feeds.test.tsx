import { QueryClient } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import { useFeeds } from "@/features/studio/hooks/use-feeds";
import { Source } from "../../event-source";
import { jobOf } from "../../jobs";
import { inPage } from "../../page";
import { serve } from "../../server";

let jobs: Schemas["Job"][] = [];
const streams = () =>
  Source.all.filter(({ readyState }) => readyState !== Source.CLOSED).map(({ url }) => url.split("?")[0]);

/** Calls of one look: one for each state of a job that has not ended. */
const LOOK = 2;

const running = (n: number) => jobOf({ id: `job_${n}`, status: "running" });
const sessionOf = (jobs: Schemas["Job"][]) =>
  ({ id: "ses_1", jobs, variants: [] }) as unknown as Schemas["Session"];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Source);
  Source.all = [];
  jobs = [];
});

function studio(open: Schemas["Job"][]) {
  const asked = serve(({ call, path, query }) =>
    call === "GET /job"
      ? { items: jobs.filter(({ status }) => status === query.status) }
      : jobs.find(({ id }) => id === path.job_id),
  );
  const client = new QueryClient();
  const key = sessionQuery("ses_1").queryKey;
  client.setQueryData(key, sessionOf(open));
  const wrapper = ({ children }: { children: ReactNode }) => inPage(children, { client });
  const { unmount } = renderHook(() => useFeeds(sessionOf(open), () => undefined), { wrapper });
  const statusOf = (id: string) => client.getQueryData(key)?.jobs.find((job) => job.id === id)?.status;
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  const calls = () => asked.filter(({ call }) => call === "GET /job").length;
  return { unmount, statusOf, pass, calls };
}

test("three jobs have streams, and the others are asked for now and then, all in one call", async () => {
  const { statusOf, pass, unmount, calls } = studio([1, 2, 3, 4, 5].map(running));
  expect(streams()).toEqual(["/stream/job_1", "/stream/job_2", "/stream/job_3"]);
  jobs = [
    jobOf({ id: "job_1", status: "queued" }),
    jobOf({ id: "job_4", status: "failed" }),
    jobOf({ id: "job_5", status: "running" }),
  ];
  await pass(5_000);
  // Answers are read in turns of the real event loop, which the clock of the test does not move.
  await act(() => vi.waitFor(() => expect(statusOf("job_4")).toBe("failed")));
  expect(calls()).toBe(LOOK);
  // What a stream tells is newer than any answer.
  expect(statusOf("job_1")).toBe("running");
  unmount();
  expect(streams()).toEqual([]);
  await pass(20_000);
  expect(calls()).toBe(LOOK);
});

test("with three jobs or fewer nothing is asked", async () => {
  const { pass, calls } = studio([1, 2, 3].map(running));
  await pass(20_000);
  expect(calls()).toBe(0);
});

test("an answer about a job that comes after a newer one is ignored", async () => {
  vi.useRealTimers();
  const answers: ((job: Schemas["Job"]) => void)[] = [];
  serve(() => new Promise((done) => answers.push(done)));
  const client = new QueryClient();
  const key = sessionQuery("ses_1").queryKey;
  const session = sessionOf([jobOf({ id: "job_1", status: "queued" })]);
  client.setQueryData(key, session);
  renderHook(() => useFeeds(session, () => undefined), {
    wrapper: ({ children }: { children: ReactNode }) => inPage(children, { client }),
  });
  const [stream] = Source.all;
  act(() => stream?.send("running", 2, { attempt: 1 }));
  act(() => stream?.send("log", 3, { code: "FALLBACK", params: {}, level: "warning" }));
  act(() => stream?.send("log", 4, { code: "FALLBACK", params: {}, level: "warning" }));
  await vi.waitFor(() => expect(answers).toHaveLength(3));
  const costs = new Set<number | undefined>();
  client.getQueryCache().subscribe(() => costs.add(client.getQueryData(key)?.jobs[0]?.cost_usd));
  const answer = (place: number, cost: number) =>
    answers[place]?.(jobOf({ id: "job_1", status: "running", cost_usd: cost }));
  answer(1, 0.2);
  await vi.waitFor(() => expect(costs).toContain(0.2));
  answer(0, 0.1);
  answer(2, 0.3);
  await vi.waitFor(() => expect(costs).toContain(0.3));
  expect(costs).not.toContain(0.1);
});
