/** The job at work, for the screens that show none of its product: one stream for it, and a look at the list now and then. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Schemas } from "@/api/client";
import { onBegun } from "@/api/begun";
import type { Feed } from "@/api/feed";
import { activeQuery, isActive, sessionQuery } from "@/api/queries";
import { useJobs } from "../jobs/use-jobs";

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
  const active = foremost(jobs.filter(({ id }) => id !== last?.id));
  const { feedOf } = useJobs(active ? [active] : [], {
    onJob: (job) => {
      if (isActive(job)) return;
      setLast(job);
      void client.invalidateQueries({ queryKey: activeQuery.queryKey });
    },
  });

  const job = active ?? last;
  const session = useQuery({ ...sessionQuery(job?.session_id ?? ""), enabled: job !== null });
  if (job === null || !session.data || job.status === "canceled") return null;
  const others = jobs.filter(({ id }) => id !== job.id).length;
  return { job, feed: feedOf(job.id), title: session.data.title, others };
}
