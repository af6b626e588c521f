/** Reducer from the events of one job to the state that the page shows. */
import type { Schemas } from "./client";

type Events = Schemas["JobEvents"];
export type EventName = keyof Events;

export type LogLine = Schemas["LogEvent"];

export type Feed = {
  seq: number;
  stage: string | null;
  percent: number;
  attempt: number;
  /** Queue position; null once the job runs. */
  position: number | null;
  /** Reason of the last return to the queue. */
  requeued: "recovered" | "retry" | "released" | null;
  /** Matte of the product, as soon as the job has one. */
  matteUrl: string | null;
  logs: LogLine[];
  ended: boolean;
};

export const emptyFeed: Feed = {
  seq: 0,
  stage: null,
  percent: 0,
  attempt: 0,
  position: null,
  requeued: null,
  matteUrl: null,
  logs: [],
  ended: false,
};

export const eventNames = [
  "queued",
  "running",
  "progress",
  "log",
  "succeeded",
  "failed",
  "canceled",
] as const satisfies readonly EventName[];

export type JobEvent = { [Name in EventName]: { name: Name; data: Events[Name] } }[EventName];

/** Returns the feed after an event. An event that is already in the feed changes nothing. */
export function fold(feed: Feed, event: JobEvent): Feed {
  if (event.data.seq <= feed.seq) return feed;
  const next = { ...feed, seq: event.data.seq };
  switch (event.name) {
    case "queued":
      return {
        ...next,
        position: event.data.position,
        requeued: event.data.reason === "new" ? feed.requeued : event.data.reason,
      };
    case "running":
      // Each attempt starts at 0 percent, so the bar may go back.
      return {
        ...next,
        position: null,
        attempt: event.data.attempt,
        percent: 0,
        stage: null,
        // The notice "will be tried again" ends when the next attempt starts.
        requeued: feed.requeued === "retry" ? null : feed.requeued,
      };
    case "progress": {
      const { stage, percent, matte_url } = event.data;
      return { ...next, position: null, stage, percent, matteUrl: matte_url ?? feed.matteUrl };
    }
    case "log":
      return { ...next, logs: [...feed.logs, event.data] };
    case "succeeded":
      return { ...next, percent: 100, ended: true };
    case "failed":
    case "canceled":
      return { ...next, ended: true };
  }
}

/** Provider of the model in the newest log line that names one; `local` before that. */
export const lastProvider = (feed: Feed): string =>
  feed.logs.findLast((line) => line.model_name)?.model_name?.split("/")[0] ?? "local";
