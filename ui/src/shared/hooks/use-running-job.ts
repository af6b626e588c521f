/** The running job for screens that do not show its product: one stream, and a periodic poll of the list. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Job } from "@/api/client";
import { onJobStarted } from "@/api/job-started";
import type { Feed } from "@/api/feed";
import { activeQuery, isActive, sessionQuery } from "@/api/queries";
import { useJobs } from "../jobs/use-jobs";

export type RunningJob = {
  job: Job;
  feed: Feed;
  /** Product title, which may be empty. */
  title: string;
  /** Number of other jobs that run or wait. */
  others: number;
};

/** The job that has run longest, otherwise the one that has waited longest, so that the line changes rarely. */
function foremost(jobs: readonly Job[]): Job | undefined {
  const oldest = jobs.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  return oldest.find(({ status }) => status === "running") ?? oldest[0];
}

/**
 * Null without a job. An ended job stays until another starts or the screen closes. Pass `wanted = false` on screens
 * that follow the jobs themselves, because the number of streams is limited.
 */
export function useRunningJob(wanted: boolean): RunningJob | null {
  const client = useQueryClient();
  const { data } = useQuery({ ...activeQuery, enabled: wanted });
  const jobs = wanted && data ? data : [];
  useEffect(
    () => onJobStarted(() => void client.invalidateQueries({ queryKey: activeQuery.queryKey })),
    [client],
  );
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
