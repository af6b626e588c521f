/** Hearing of a product's running jobs, and keeping what they tell. */
import { useQueryClient } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import type { Feed, JobEvent } from "@/api/feed";
import { configQuery, isActive, keepJob, keepVariant, sessionQuery } from "@/api/queries";
import { useJobs } from "@/shared/jobs/use-jobs";

/** Follows the running jobs; `onEvent` hears of each event once, in order. */
export function useFeeds(session: Schemas["Session"], onEvent: (event: JobEvent, feed: Feed) => void) {
  const client = useQueryClient();
  return useJobs(session.jobs.filter(isActive), {
    onJob: (job) => {
      keepJob(client, job);
      if (!isActive(job)) void client.invalidateQueries({ queryKey: sessionQuery(session.id).queryKey });
    },
    onEvent: (event, feed) => {
      if (event.name === "progress" && event.data.variant) keepVariant(client, event.data.variant);
      if (event.name === "log" && event.data.code === "FALLBACK") {
        void client.invalidateQueries({ queryKey: configQuery.queryKey });
      }
      onEvent(event, feed);
    },
  });
}
