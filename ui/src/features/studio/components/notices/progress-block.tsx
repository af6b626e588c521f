/** Progress of a running job: stage, model changes, log, and a cancel button. */
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useConfig } from "@/shared/hooks/use-config";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { ProgressBar } from "@/shared/ui/progress-bar";
import { Tag } from "@/shared/ui/tag";
import { useNames } from "@/shared/hooks/use-names";
import { useModelChoice } from "@/shared/recipe/use-model-choice";
import { missingOf, type Turn } from "../../turns";
import { FallbackNotice } from "./fallback-notice";
import { LogLines } from "./log-lines";
import { useTurnTitle } from "../history/turn-title";
import { useStudio } from "../../hooks/use-studio";
import { isWarning } from "../../hooks/use-turn-notices";

type ProcessingProgressProps = {
  turn: Turn;
  /** True if the job was started by a control in this panel, which may be gone by now. */
  begunHere: boolean;
};

export function ProcessingProgress({ turn, begunHere }: ProcessingProgressProps) {
  const { t } = useTranslation();
  const names = useNames();
  const titleOf = useTurnTitle();
  const config = useConfig();
  const [section, heading] = useFocusKept(begunHere);
  const { job } = turn;
  const { runs, feedOf, isLost } = useStudio();
  const feed = feedOf(job.id);
  const { routesOf } = useModelChoice();
  const mayBePaid = routesOf(job.type).some(({ provider }) => provider !== "local");
  const position = feed.position ?? job.queue_position;
  const [wasLost, setWasLost] = useState(isLost);
  if (isLost && !wasLost) setWasLost(true);
  const requeued =
    feed.requeued &&
    (feed.requeued === "retry"
      ? t.studio.retrying(feed.attempt + 1)
      : // Explain a restarted server only to users whose connection was lost meanwhile.
        t.studio[wasLost ? "restarted" : "recovered"]);
  const note = isLost ? t.studio.reconnecting : requeued;

  const waits = job.status === "queued" && feed.attempt === 0;
  const done = job.candidates - missingOf(turn);
  const stage = names.stage(feed);
  return (
    <section
      ref={section}
      className={`flex flex-col ${waits ? "gap-2" : "gap-3 max-sm:flex-row max-sm:flex-wrap max-sm:items-center"}`}
    >
      <div className={`flex items-start gap-2 ${waits ? "" : "max-sm:sr-only"}`}>
        {waits && <Icon name="queue" className="mt-0.5 text-ink-2" />}
        <h2
          ref={heading}
          tabIndex={-1}
          className={`min-w-0 flex-1 break-words ${waits ? "text-body font-medium" : "text-lead font-semibold"}`}
        >
          {titleOf(job)}
        </h2>
        {waits && <Tag>{position ? t.studio.queuedAt(position) : t.studio.queuedSoon}</Tag>}
      </div>
      {waits ? (
        <p className="text-data text-ink-2">{t.studio.queueNote(config?.limits.user_running ?? 2)}</p>
      ) : (
        <div className="max-sm:min-w-0 max-sm:flex-1">
          <div className="flex items-baseline gap-2 pb-2 text-data">
            <span className="shrink-0">{stage}</span>
            <span className="min-w-0 truncate text-ink-2">
              {t.studio.ready(done, job.candidates)}
              {feed.attempt > 1 && `${t.common.dot}${t.studio.attempt(feed.attempt)}`}
            </span>
            <span className="ml-auto font-semibold">{`${feed.percent}%`}</span>
          </div>
          <ProgressBar key={feed.attempt} label={stage} percent={feed.percent} />
        </div>
      )}
      <div className="flex flex-col gap-3 empty:hidden max-sm:order-last max-sm:basis-full">
        {!waits && job.fallbacks.length > 0 && <FallbackNotice fallbacks={job.fallbacks} />}
        {note && (
          <p className="flex items-center gap-2 text-data text-ink-2">
            <span
              aria-hidden="true"
              className={`size-2 shrink-0 rounded-full border border-accent ${isLost ? "" : "bg-accent"}`}
            />
            {note}
          </p>
        )}
      </div>
      {!waits && (
        <div className="max-sm:hidden">
          <LogLines
            lines={feed.logs.filter((line) => !isWarning(line))}
            since={job.started_at ?? job.created_at}
          />
        </div>
      )}
      <div className="flex items-center gap-2.5">
        <Button size="small" disabled={runs.cancel.isPending} onClick={() => runs.cancel.mutate(job.id)}>
          {waits ? t.studio.leaveQueue : done > 0 ? t.studio.stopRest : t.studio.stop}
        </Button>
        {!waits && mayBePaid && (
          <span className="text-caption text-ink-2 max-sm:hidden">{t.studio.stopNote}</span>
        )}
      </div>
    </section>
  );
}

/**
 * Keeps the focus in the panel. The pressed control can disappear, and so does this block when the job ends: the
 * focus then moves to the heading of the job, and later to the panel. A focus elsewhere is left alone.
 */
function useFocusKept(begunHere: boolean) {
  const section = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const focused = document.activeElement;
    if (begunHere && (focused === document.body || focused?.matches(":disabled"))) heading.current?.focus();
  }, [begunHere]);
  useLayoutEffect(() => {
    const own = section.current;
    return () => {
      if (own?.contains(document.activeElement)) own.closest("aside")?.focus({ preventScroll: true });
    };
  }, []);
  return [section, heading] as const;
}
