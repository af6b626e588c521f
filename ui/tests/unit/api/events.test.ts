// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from "vitest";
import { follow, storedFeed } from "@/api/events";
import { emptyFeed } from "@/api/feed";
import { Source } from "../event-source";

function last(): Source {
  const source = Source.all.at(-1);
  if (!source) throw new Error("nothing was opened");
  return source;
}

function follower(ended = false) {
  const seen = { events: [] as string[], connection: [] as string[], polls: 0 };
  const stop = follow({
    jobId: "job_1",
    onEvent: ({ name, data }) => seen.events.push(`${name} ${data.seq}`),
    onFeed: () => undefined,
    onConnection: (connection) => seen.connection.push(connection),
    onPoll: () => {
      seen.polls += 1;
      return Promise.resolve(ended);
    },
  });
  return { seen, stop };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Source);
  Source.all = [];
  sessionStorage.clear();
});

it("a reload goes on after the last event that was seen", () => {
  const { stop } = follower();
  last().send("running", 1, { attempt: 1 });
  last().send("progress", 2, { stage: "matte", percent: 30, variant: null });
  stop();
  follower();
  expect(last().url).toBe("/stream/job_1?last_event_id=2");
  expect(storedFeed("job_1").percent).toBe(30);
});

it("an unreadable stored feed is ignored", () => {
  sessionStorage.setItem("stillroom.feed.job_1", "{");
  expect(storedFeed("job_1")).toBe(emptyFeed);
  follower();
  expect(last().url).toBe("/stream/job_1?last_event_id=0");
});

it("a repeated event is reported once", () => {
  const { seen } = follower();
  last().send("running", 1, { attempt: 1 });
  last().send("running", 1, { attempt: 1 });
  expect(seen.events).toEqual(["running 1"]);
});

it("the last event closes the stream for good", () => {
  const { seen } = follower();
  last().send("canceled", 1);
  expect(last().readyState).toBe(Source.CLOSED);
  vi.advanceTimersByTime(60_000);
  expect(Source.all).toHaveLength(1);
  expect(seen.polls).toBe(0);
});

it("a stream that the server closed is opened again after the last event", async () => {
  follower();
  last().onopen?.();
  last().send("running", 1, { attempt: 1 });
  last().fail(true);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(Source.all).toHaveLength(2);
  expect(last().url).toContain("last_event_id=1");
});

it("a job that ended without a stream is not followed again", async () => {
  const { seen } = follower(true);
  last().fail(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(seen.polls).toBe(1);
  expect(Source.all).toHaveLength(1);
});

it("a refused stream is no lost connection: the job is polled until a stream opens", async () => {
  const { seen } = follower();
  for (let i = 0; i < 4; i += 1) {
    last().fail(true);
    await vi.advanceTimersByTimeAsync(5_000);
  }
  expect(seen.connection).not.toContain("lost");
  expect(seen.polls).toBe(4);
  expect(Source.all).toHaveLength(5);
  last().onopen?.();
  last().send("running", 1, { attempt: 1 });
  expect(seen.events).toEqual(["running 1"]);
});

it("a lost connection is reported after three seconds, and withdrawn when the stream opens again", () => {
  const { seen } = follower();
  last().fail(false);
  vi.advanceTimersByTime(2_900);
  expect(seen.connection).toEqual([]);
  vi.advanceTimersByTime(200);
  last().onopen?.();
  expect(seen.connection).toEqual(["lost", "open"]);
});

it("a job is polled while its stream is silent", async () => {
  const { seen } = follower();
  await vi.advanceTimersByTimeAsync(21_000);
  expect(seen.polls).toBeGreaterThan(0);
  expect(seen.connection).toContain("lost");
});

it("a stream with pings is not silent", async () => {
  const { seen } = follower();
  for (let i = 0; i < 6; i += 1) {
    await vi.advanceTimersByTimeAsync(10_000);
    last().dispatchEvent(new Event("ping"));
  }
  expect(seen.polls).toBe(0);
});
