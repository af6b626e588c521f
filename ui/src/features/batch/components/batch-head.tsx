/** How far the batch is, what it cost, and the switches that hold it and start it again. */
import { useEffect } from "react";
import { dollars } from "@/shared/format";
import { useCountdown } from "@/shared/hooks/use-countdown";
import { useSpeech } from "@/shared/i18n/words";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { Tag } from "@/shared/ui/tag";
import { costOf, isOverBudget, isRetryableItem, phaseOf, type Counts } from "../list";
import type { BatchRun, Snapshot } from "../run";

type BatchHeadProps = { run: BatchRun; now: Snapshot; counts: Counts; recipe: string; onAdd: () => void };

export function BatchHead({ run, now, counts, recipe, onAdd }: BatchHeadProps) {
  const { t } = useSpeech();
  const { batch, items } = now;
  const failed = items.filter((item) => isRetryableItem(item, phaseOf(item, now.sending))).length;
  const open = counts.waiting + counts.sending + counts.queued + counts.running;
  const money = [
    t.batch.spent(dollars(costOf(items))),
    ...(open === 0 ? [t.batch.allDone] : now.leftMs !== null ? [t.batch.left(now.leftMs)] : []),
  ].join(t.studio.joiner);
  return (
    <header className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-title font-semibold">{batch.title || t.batch.titleOf(items.length)}</h1>
        <Tag>{recipe}</Tag>
        <div className="ml-auto flex flex-wrap gap-2 max-sm:ml-0 max-sm:w-full">
          {open > 0 && (
            <Button icon={batch.paused ? "right" : "pause"} onClick={() => run.pause(!batch.paused)}>
              {batch.paused ? t.batch.resume : t.batch.pause}
            </Button>
          )}
          {failed > 0 && (
            <Button icon="retry" onClick={() => run.retryFailed()}>
              {t.batch.retryFailed(failed)}
            </Button>
          )}
          <Button icon="photo" onClick={onAdd}>
            {t.batch.addPhotos}
          </Button>
          {open === 0 && <Button onClick={() => void run.clear()}>{t.batch.newBatch}</Button>}
        </div>
      </div>
      <div>
        <div className="flex flex-wrap justify-between gap-x-4 pb-1.5 text-data">
          <p>
            <span className="font-semibold">{t.batch.done(counts.done, counts.all)}</span>
            <span className="pl-4 text-ink-2">
              {t.batch.state(counts.running, counts.waiting + counts.sending + counts.queued, counts.failed)}
            </span>
          </p>
          <p className="text-ink-2">{money}</p>
        </div>
        <Bar done={counts.done} failed={counts.failed} all={counts.all} />
      </div>
      <Notices run={run} now={now} left={open} />
    </header>
  );
}

function Bar({ done, failed, all }: { done: number; failed: number; all: number }) {
  const { t } = useSpeech();
  return (
    <div
      role="progressbar"
      aria-label={t.batch.title}
      aria-valuemin={0}
      aria-valuemax={all}
      aria-valuenow={done}
      className="flex h-1.5 gap-px overflow-hidden bg-line-2"
    >
      <span className="bg-accent" style={{ flex: `0 0 ${(done / all) * 100}%` }} />
      <span className="bg-fail" style={{ flex: `0 0 ${(failed / all) * 100}%` }} />
    </div>
  );
}

function Notices({ run, now, left }: { run: BatchRun; now: Snapshot; left: number }) {
  const { t } = useSpeech();
  const [wait, setWait] = useCountdown();
  useEffect(() => {
    setWait(now.holdWhy === "limited" ? (now.holdUntil - Date.now()) / 1000 : 0);
    // The setter is new with every drawing; only another moment starts another countdown.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [now.holdUntil]);
  const signedOut = now.holdWhy === "signedOut" && left > 0;
  const lines = [
    ...(now.elsewhere ? [t.batch.elsewhere] : []),
    ...(now.batch.paused && left > 0 ? [t.batch.paused] : []),
    ...(now.holdWhy === "limited" && wait > 0 ? [t.batch.limited(wait)] : []),
    ...(now.holdWhy === "unreachable" ? [t.batch.unreachable] : []),
    ...(signedOut ? [t.batch.signedOut] : []),
    ...(isOverBudget(now.items) ? [t.batch.overBudget(left)] : []),
  ];
  if (lines.length === 0) return null;
  return (
    <div role="status" className="flex gap-2.5 rounded-control bg-warn-soft px-3 py-2.5 text-data">
      <Icon name="warning" className="mt-px text-warn" />
      <div>
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {signedOut && (
        <Button size="small" className="ml-auto" onClick={run.signedIn}>
          {t.signIn.button}
        </Button>
      )}
    </div>
  );
}
