/** Follows the running jobs of a product and stores the results in the query cache. */
import { useQueryClient } from "@tanstack/react-query";
import type { Session } from "@/api/client";
import type { Feed, JobEvent } from "@/api/feed";
import { configQuery, isActive, cacheJob, cacheVariant, sessionQuery } from "@/api/queries";
import { useJobs } from "@/shared/jobs/use-jobs";
import { placeOf, turnOf, type Turn } from "../turns";
import type { Selection } from "./use-selection";
import { useRef } from "react";
import { useNames } from "@/shared/hooks/use-names";
import { useTranslation } from "@/shared/i18n/translation";
import { useAnnounce } from "@/shared/ui/layers/live-region";

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

/** Announces job events to screen readers: each stage once, each picture, each model change. */
export function useJobAnnouncements(turns: readonly Turn[]): (event: JobEvent, feed: Feed) => void {
  const { t } = useTranslation();
  const names = useNames();
  const announce = useAnnounce();
  const last = useRef(new Map<string, string>());
  return (event, feed) => {
    if (event.name === "progress" && event.data.variant) {
      const landed = event.data.variant;
      announce(t.studio.landed(`${turnOf(landed, turns)?.number ?? turns.length}.${placeOf(landed)}`));
    } else if (event.name === "progress") {
      const stage = names.stage(feed);
      if (last.current.get(event.data.job_id) === stage) return;
      last.current.set(event.data.job_id, stage);
      announce(stage);
    } else if (event.name === "log" && event.data.code === "FALLBACK") {
      const { to } = event.data.params;
      if (typeof to === "string") announce(t.studio.fellBack(names.provider(to)));
    }
  };
}
