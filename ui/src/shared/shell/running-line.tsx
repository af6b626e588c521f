/** Line about the running job, with a link to its product. */
import { Link } from "wouter";
import { useNames } from "../hooks/use-names";
import type { RunningJob } from "../hooks/use-running-job";
import { useTranslation } from "../i18n/translation";
import { ProgressBar } from "../ui/progress-bar";

type RunningLineProps = { running: RunningJob; className: string };

export function RunningLine({ running: { job, feed, title, others }, className }: RunningLineProps) {
  const { t } = useTranslation();
  const names = useNames();
  const runs = job.status === "running" || feed.attempt > 0;
  const ended = job.status === "succeeded" || job.status === "failed";
  const place = feed.position ?? job.queue_position;
  const stage = names.stage(feed);
  const words = ended
    ? t.common.ended[job.status === "failed" ? "failed" : "succeeded"]
    : runs
      ? stage
      : place
        ? t.studio.queuedAt(place)
        : t.studio.queuedSoon;
  return (
    <Link
      href={`/studio/${job.session_id}`}
      className={`min-w-0 items-center gap-2.5 text-data text-ink-2 hover:text-ink ${className}`}
    >
      <span className="min-w-0 truncate font-medium text-ink">{title || t.common.untitled}</span>
      <span
        className={`shrink-0 ${job.status === "failed" ? "text-fail" : ""} ${runs && !ended ? "md:max-lg:hidden" : ""}`}
      >
        {words}
      </span>
      {runs && !ended && (
        <>
          <ProgressBar
            label={stage}
            percent={feed.percent}
            thin
            className="shrink-0 max-md:absolute max-md:inset-x-0 max-md:-top-px md:w-14"
          />
          <span className="shrink-0 font-semibold text-ink">{`${feed.percent}%`}</span>
        </>
      )}
      {others > 0 && <span className="shrink-0">{t.common.moreJobs(others)}</span>}
    </Link>
  );
}
