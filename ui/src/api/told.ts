/** What a job that has ended told of itself, for pages that were not there to hear it. */
import { queryOptions } from "@tanstack/react-query";
import { emptyFeed, eventNames, fold, type EventName, type JobEvent, type LogLine } from "./feed";

/** The stream of an ended job replays all of it and closes, so it can be read like a file. */
export const toldQuery = (jobId: string) =>
  queryOptions({
    queryKey: ["told", jobId],
    queryFn: async ({ signal }) => {
      const answer = await fetch(`/stream/${jobId}`, { signal });
      return answer.ok ? logsIn(await answer.text()) : [];
    },
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
  const field = (name: string) =>
    block
      .split(/\r?\n/)
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const name = field("event");
  const data = field("data");
  if (!data || !eventNames.includes(name as EventName)) return null;
  return { name, data: JSON.parse(data) as unknown } as JobEvent;
}
