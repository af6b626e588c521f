/** The job at work, for the screens that show none of its product: one stream for it, and a look at the list now and then. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Schemas } from "@/api/client";
import { onBegun } from "@/api/begun";
import { follow, storedFeed } from "@/api/events";
import type { Feed } from "@/api/feed";
import { activeQuery, isActive, jobQuery, sessionQuery } from "@/api/queries";

type Job = Schemas["Job"];

export type RunningJob = {
  job: Job;
  feed: Feed;
  /** The product's name, which may be empty. */
  title: string;
  /** How many others run or wait. */
  others: number;
};

/** The one that runs longest, else the one that waits longest, so that the line does not change hands. */
function foremost(jobs: readonly Job[]): Job | undefined {
  const oldest = jobs.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  return oldest.find(({ status }) => status === "running") ?? oldest[0];
}

/**
 * Null where there is none; one that has ended stays until another begins or the screen is left. A screen that tells of
 * its jobs itself needs the streams, so it is not `wanted` there.
 */
export function useRunningJob(wanted: boolean): RunningJob | null {
  const client = useQueryClient();
  const { data } = useQuery({ ...activeQuery, enabled: wanted });
  const jobs = wanted && data ? data : [];
  useEffect(() => onBegun(() => void client.invalidateQueries({ queryKey: activeQuery.queryKey })), [client]);
  const [last, setLast] = useState<Job | null>(null);
  const [told, setTold] = useState<{ jobId: string; feed: Feed } | null>(null);
  const active = foremost(jobs.filter(({ id }) => id !== last?.id));
  const activeId = active?.id ?? null;

  useEffect(() => {
    if (activeId === null) return;
    const ask = async () => {
      const job = await client.query({ ...jobQuery(activeId), staleTime: 0 });
      if (isActive(job)) return false;
      setLast(job);
      await client.invalidateQueries({ queryKey: activeQuery.queryKey });
      return true;
    };
    return follow({
      jobId: activeId,
      onFeed: (feed) => setTold({ jobId: activeId, feed }),
      onConnection: () => undefined,
      onPoll: ask,
      onEvent: (_event, { ended }) => {
        // What nobody answered is found out by the next look at the list.
        if (ended) void ask().catch(() => undefined);
      },
    });
  }, [activeId, client]);

  const job = active ?? last;
  const session = useQuery({ ...sessionQuery(job?.session_id ?? ""), enabled: job !== null });
  if (job === null || !session.data || job.status === "canceled") return null;
  const feed = told?.jobId === job.id ? told.feed : storedFeed(job.id);
  return { job, feed, title: session.data.title, others: jobs.filter(({ id }) => id !== job.id).length };
}
