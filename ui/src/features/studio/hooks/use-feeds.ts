/** Hearing of a product's running jobs: of the first few over streams, of the others by asking now and then. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import type { Schemas } from "@/api/client";
import { follow, storedFeed, type Connection } from "@/api/events";
import type { Feed, JobEvent } from "@/api/feed";
import {
  configQuery,
  fetchJobs,
  isActive,
  jobQuery,
  keepJob,
  keepVariant,
  sessionQuery,
} from "@/api/queries";

/** A browser allows six connections to a host over HTTP/1.1; pictures and calls need the others. */
const MOST_STREAMS = 3;
const POLL_EVERY_MS = 5_000;

type Feeds = {
  feedOf: (jobId: string) => Feed;
  connection: Connection;
};

/** Follows the running jobs; `onEvent` hears of each event once, in order. */
export function useFeeds(session: Schemas["Session"], onEvent: (event: JobEvent, feed: Feed) => void): Feeds {
  const client = useQueryClient();
  const [feeds, setFeeds] = useState<Record<string, Feed>>({});
  const [connections, setConnections] = useState<Record<string, Connection>>({});
  const tell = useEffectEvent(onEvent);
  const active = session.jobs.filter(isActive).map((job) => job.id);
  const ids = active.slice(0, MOST_STREAMS).join(" ");
  usePolled(session.id, active.slice(MOST_STREAMS).join(" "));

  useEffect(() => {
    const stops = ids
      .split(" ")
      .filter(Boolean)
      .map((jobId) => {
        const refetch = async () => {
          const job = await client.query({ ...jobQuery(jobId), staleTime: 0 });
          keepJob(client, job);
          return !isActive(job);
        };
        const stop = follow({
          jobId,
          onFeed: (feed) => setFeeds((all) => ({ ...all, [jobId]: feed })),
          onConnection: (connection) => setConnections((all) => ({ ...all, [jobId]: connection })),
          onPoll: refetch,
          onEvent: (event, feed) => {
            if (event.name === "progress" && event.data.variant) keepVariant(client, event.data.variant);
            if (event.name === "running" || event.name === "queued" || event.name === "log") void refetch();
            if (event.name === "log" && event.data.code === "FALLBACK") {
              void client.invalidateQueries({ queryKey: configQuery.queryKey });
            }
            if (event.name === "succeeded" || event.name === "failed" || event.name === "canceled") {
              void refetch().then(() =>
                client.invalidateQueries({ queryKey: sessionQuery(session.id).queryKey }),
              );
            }
            tell(event, feed);
          },
        });
        return () => {
          stop();
          setConnections((all) => Object.fromEntries(Object.entries(all).filter(([id]) => id !== jobId)));
        };
      });
    return () => stops.forEach((stop) => stop());
  }, [ids, client, session.id]);

  return {
    feedOf: (jobId) => feeds[jobId] ?? storedFeed(jobId),
    connection: Object.values(connections).includes("lost") ? "lost" : "open",
  };
}

/** One call for all of them; what the streams tell of the others is newer than this answer. */
function usePolled(sessionId: string, ids: string): void {
  const client = useQueryClient();
  useEffect(() => {
    if (ids === "") return;
    const polled = new Set(ids.split(" "));
    const ask = async () => {
      const jobs = await fetchJobs(sessionId);
      const ended = jobs.some((job) => polled.has(job.id) && !isActive(job));
      for (const job of jobs) if (polled.has(job.id)) keepJob(client, job);
      if (ended) await client.invalidateQueries({ queryKey: sessionQuery(sessionId).queryKey });
    };
    // A call that nobody answered is made again with the next round.
    const timer = window.setInterval(() => void ask().catch(() => undefined), POLL_EVERY_MS);
    return () => window.clearInterval(timer);
  }, [client, ids, sessionId]);
}
