/** Log of an ended job, for pages that did not follow its stream. */
import { queryOptions } from "@tanstack/react-query";
import { fetchFile } from "./client";
import { emptyFeed, eventNames, fold, type EventName, type JobEvent, type LogLine } from "./feed";

/** Reads the whole log in one request: the stream of an ended job replays every event and then closes. */
export const jobLogQuery = (jobId: string) =>
  queryOptions({
    queryKey: ["job-log", jobId],
    queryFn: async ({ signal }) => logsIn(await (await fetchFile(`/stream/${jobId}`, signal)).text()),
    staleTime: Infinity,
  });

export function logsIn(stream: string): LogLine[] {
  const feed = stream
    .split(/\r?\n\r?\n/)
    .map(eventIn)
    .reduce((known, event) => (event ? fold(known, event) : known), emptyFeed);
  return feed.logs;
}

function eventIn(block: string): JobEvent | null {
  const field = (name: string) => new RegExp(`^${name}:([^\\r\\n]*)$`, "m").exec(block)?.[1]?.trim();
  const name = field("event");
  const data = field("data");
  if (!data || !eventNames.includes(name as EventName)) return null;
  return { name, data: JSON.parse(data) as unknown } as JobEvent;
}
