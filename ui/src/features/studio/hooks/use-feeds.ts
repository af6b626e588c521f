/** Follows the running jobs of a product and stores the results in the query cache. */
import { useQueryClient } from "@tanstack/react-query";
import type { Session } from "@/api/client";
import type { Feed, JobEvent } from "@/api/feed";
import { configQuery, isActive, cacheJob, cacheVariant, sessionQuery } from "@/api/queries";
import { useJobs } from "@/shared/jobs/use-jobs";
import type { Turn } from "../turns";
import type { Selection } from "./use-selection";
import { useJobAnnouncements } from "./use-job-announcements";

/** Follows the running jobs. `onEvent` is called once per event, in order. */
export function useFeeds(session: Session, onEvent: (event: JobEvent, feed: Feed) => void) {
  const client = useQueryClient();
  return useJobs(session.jobs.filter(isActive), {
    onJob: (job) => {
      cacheJob(client, job);
      if (!isActive(job)) void client.invalidateQueries({ queryKey: sessionQuery(session.id).queryKey });
    },
    onEvent: (event, feed) => {
      if (event.name === "progress" && event.data.variant) {
        cacheVariant(client, event.data.variant, event.data.replaces);
      }
      if (event.name === "log" && event.data.code === "FALLBACK") {
        void client.invalidateQueries({ queryKey: configQuery.queryKey });
      }
      onEvent(event, feed);
    },
  });
}

/** Follows the running jobs of the product on the screen: announces them and shows what lands. */
export function useStudioJobs(session: Session, turns: readonly Turn[], selection: Selection) {
  const speak = useJobAnnouncements(turns);
  const hear = (event: JobEvent, feed: Feed) => {
    speak(event, feed);
    if (event.name === "progress" && event.data.variant) {
      selection.land(event.data.variant, event.data.replaces);
    }
    if (event.name === "succeeded" && document.hidden) document.title = `● ${session.title}`;
  };
  const { feedOf, connection } = useFeeds(session, hear);
  return { feedOf, isLost: connection === "lost" };
}
