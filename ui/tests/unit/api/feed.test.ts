import { expect, it } from "vitest";
import { emptyFeed, fold, type Feed, type JobEvent } from "@/api/feed";
import { logLine, progress } from "../job-events";

const common = { job_id: "job_1", at: "2026-01-01T00:00:00Z" };
const after = (...events: JobEvent[]): Feed => events.reduce(fold, emptyFeed);
const queued = (seq: number, reason: "new" | "recovered" | "retry" = "new"): JobEvent => ({
  name: "queued",
  data: { ...common, seq, position: 2, reason },
});
const running = (seq: number, attempt: number): JobEvent => ({
  name: "running",
  data: { ...common, seq, attempt },
});

it("an event that was seen before changes nothing", () => {
  const feed = after(queued(1), running(2, 1), progress(3, { percent: 40 }));
  expect(fold(feed, progress(3, { percent: 99 }))).toBe(feed);
  expect(fold(feed, queued(1))).toBe(feed);
});

it("a waiting job has its place, a running one has none", () => {
  expect(after(queued(1)).position).toBe(2);
  expect(after(queued(1), running(2, 1)).position).toBeNull();
});

it("a second attempt begins anew and remembers why", () => {
  const feed = after(
    queued(1),
    running(2, 1),
    progress(3, { percent: 80 }),
    queued(4, "recovered"),
    running(5, 2),
  );
  expect(feed).toMatchObject({ percent: 0, attempt: 2, requeued: "recovered", stage: null });
});

it("the notice of a retry ends when the next attempt starts", () => {
  const waiting = after(queued(1), running(2, 1), queued(3, "retry"));
  expect(waiting).toMatchObject({ attempt: 1, requeued: "retry" });
  expect(fold(waiting, running(4, 2))).toMatchObject({ attempt: 2, requeued: null });
});

it("the URL of the matte stays known after later events", () => {
  const told = progress(1, { matte_url: "/image/mat_1?size=matte" });
  expect(after(told, progress(2)).matteUrl).toBe("/image/mat_1?size=matte");
});

it("lines of the log are kept in order", () => {
  const line = (seq: number, code: string): JobEvent => ({ name: "log", data: logLine(seq, { code }) });
  expect(after(line(1, "A"), line(2, "B"), line(2, "B")).logs.map(({ code }) => code)).toEqual(["A", "B"]);
});

it("the last event ends the feed", () => {
  expect(
    after(progress(1, { percent: 50 }), { name: "canceled", data: { ...common, seq: 2 } }),
  ).toMatchObject({
    ended: true,
  });
});
