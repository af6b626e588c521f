/** A job at work: where it stands, what changed hands, what it told, and how to stop it. */
import type { Feed } from "@/api/feed";
import { useSpeech } from "@/shared/i18n/words";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { ProgressBar } from "@/shared/ui/progress-bar";
import { Tag } from "@/shared/ui/tag";
import { useNames } from "@/shared/hooks/use-names";
import { missingOf, type Turn } from "../turns";
import { FallbackNotice } from "./fallback-notice";
import { LogLines } from "./log-lines";
import { useTurnTitle } from "./turn-title";

type ProcessingProgressProps = {
  turn: Turn;
  feed: Feed;
  lost: boolean;
  runningAtOnce: number;
  stopping: boolean;
  onCancel: () => void;
};

export function ProcessingProgress({
  turn,
  feed,
  lost,
  runningAtOnce,
  stopping,
  onCancel,
}: ProcessingProgressProps) {
  const { t } = useSpeech();
  const names = useNames();
  const titleOf = useTurnTitle();
  const title = titleOf(turn.job);
  const { job } = turn;
  const position = feed.position ?? job.queue_position;
  const requeued =
    feed.requeued && (feed.requeued === "retry" ? t.studio.retrying(feed.attempt + 1) : t.studio.recovered);

  if (job.status === "queued" && feed.attempt === 0) {
    return (
      <section className="flex flex-col gap-2">
        <div className="flex items-start gap-2">
          <Icon name="queue" className="mt-0.5 text-ink-2" />
          <h2 className="min-w-0 flex-1 text-body font-medium break-words">{title}</h2>
          <Tag>{position ? t.studio.queuedAt(position) : t.studio.queuedSoon}</Tag>
        </div>
        <p className="text-data text-ink-2">{t.studio.queueNote(runningAtOnce)}</p>
        <Connection lost={lost} note={requeued} />
        <Button size="small" className="self-start" disabled={stopping} onClick={onCancel}>
          {t.studio.leaveQueue}
        </Button>
      </section>
    );
  }

  const done = job.candidates - missingOf(turn);
  const model = names.provider(
    feed.logs.findLast((line) => line.model_name)?.model_name?.split("/")[0] ?? "local",
  );
  const stage = names.stage(feed.stage, model);
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-lead font-semibold break-words">{title}</h2>
      <div>
        <div className="flex items-baseline gap-2 pb-2 text-data">
          <span>{stage}</span>
          <span className="min-w-0 truncate text-ink-2">
            {t.studio.ready(done, job.candidates)}
            {feed.attempt > 1 && `${t.common.dot}${t.studio.attempt(feed.attempt)}`}
          </span>
          <span className="ml-auto font-semibold">{t.studio.percent(feed.percent)}</span>
        </div>
        <ProgressBar key={feed.attempt} label={stage} percent={feed.percent} />
      </div>
      {job.fallbacks.length > 0 && <FallbackNotice fallbacks={job.fallbacks} />}
      <Connection lost={lost} note={requeued} />
      <LogLines lines={feed.logs} since={job.started_at ?? job.created_at} />
      <div className="flex items-center gap-2.5">
        <Button size="small" disabled={stopping} onClick={onCancel}>
          {t.studio.stopRest}
        </Button>
        <span className="text-caption text-ink-2">{t.studio.stopNote}</span>
      </div>
    </section>
  );
}

function Connection({ lost, note }: { lost: boolean; note: string | null }) {
  const { t } = useSpeech();
  const words = lost ? t.studio.reconnecting : note;
  if (!words) return null;
  return (
    <p className="flex items-center gap-2 text-data text-ink-2">
      <span
        aria-hidden="true"
        className={`size-2 shrink-0 rounded-full border border-accent ${lost ? "" : "bg-accent"}`}
      />
      {words}
    </p>
  );
}
