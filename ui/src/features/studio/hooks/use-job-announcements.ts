/** Announces job events to screen readers: each stage once, each picture, each model change. */
import { useRef } from "react";
import type { Feed, JobEvent } from "@/api/feed";
import { useNames } from "@/shared/hooks/use-names";
import { useTranslation } from "@/shared/i18n/translation";
import { useAnnounce } from "@/shared/ui/layers/live-region";
import { placeOf, type Turn } from "../turns";

export function useJobAnnouncements(turns: readonly Turn[]): (event: JobEvent, feed: Feed) => void {
  const { t } = useTranslation();
  const names = useNames();
  const announce = useAnnounce();
  const last = useRef(new Map<string, string>());
  return (event, feed) => {
    if (event.name === "progress" && event.data.variant) {
      const landed = event.data.variant;
      const of = turns.find((other) => other.job.id === landed.job_id);
      announce(t.studio.landed(`${of?.number ?? turns.length}.${placeOf(landed)}`));
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
