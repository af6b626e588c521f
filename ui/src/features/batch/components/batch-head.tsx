/** Head of a batch: progress, cost, pause and resume, and the filter. */
import { Link } from "wouter";
import { dollars } from "@/shared/format";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { Icon } from "@/shared/ui/icon";
import { countOf, groups, isOpen, type Group } from "../items";
import { useSteps, type Batch } from "../queries";
import { useBatchTranslation } from "../translation";
import { CountsBar, StatusTag } from "./counts";

type BatchHeadProps = {
  batch: Batch;
  lost: boolean;
  /** Progress of a decision on many items. */
  done: { made: number; all: number } | null;
  /** Number of items that can be retried. */
  failed: number;
  group: Group;
  isBusy: boolean;
  onGroup: (group: Group) => void;
  onAdd: () => void;
  onApproveAll: () => void;
};

export function BatchHead({ batch, lost, done, failed, group, isBusy, ...on }: BatchHeadProps) {
  const { t } = useBatchTranslation();
  const steps = useSteps(batch.id);
  const { counts, status } = batch;
  const all = countOf(counts, "all");
  const open = countOf(counts, "open");
  const press = (step: Parameters<typeof steps.mutate>[0]) => () => steps.mutate(step);
  const lines = [
    ...(status === "paused" && open > 0 ? [t.batch.paused] : []),
    ...(lost ? [t.studio.reconnecting] : []),
  ];
  return (
    <header className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Link
          href="/batches"
          aria-label={t.batch.toBatches}
          title={t.batch.toBatches}
          className="-ml-2 grid size-9 place-items-center rounded-control text-ink-2 hover:bg-hover hover:text-ink pointer-coarse:size-11"
        >
          <Icon name="back" />
        </Link>
        <h1 className="min-w-0 text-title font-semibold break-words">{batch.name}</h1>
        <StatusTag batch={batch} />
        <div className="ml-auto flex flex-wrap gap-2 max-sm:ml-0 max-sm:w-full">
          {counts.succeeded > 0 && (
            <Button icon="adopt" disabled={isBusy} onClick={on.onApproveAll}>
              {done ? t.batch.approving(done.made, done.all) : t.batch.approveAll(counts.succeeded)}
            </Button>
          )}
          {status === "running" && open > 0 && (
            <Button icon="pause" disabled={steps.isPending} onClick={press("pause")}>
              {t.batch.pause}
            </Button>
          )}
          {status === "paused" && (
            <Button icon="right" disabled={steps.isPending} onClick={press("resume")}>
              {t.batch.resume}
            </Button>
          )}
          {failed > 0 && (
            <Button icon="retry" disabled={steps.isPending} onClick={press("retry")}>
              {t.batch.retryFailed(failed)}
            </Button>
          )}
          {isOpen(batch) && (
            <Button icon="photo" onClick={on.onAdd}>
              {t.batch.addPhotos}
            </Button>
          )}
          {isOpen(batch) && open > 0 && (
            <Button icon="close" disabled={steps.isPending} onClick={press("cancel")}>
              {t.batch.cancel}
            </Button>
          )}
        </div>
      </div>
      <CallProblem error={steps.error} />
      <div>
        <div className="flex flex-wrap justify-between gap-x-4 pb-1.5 text-data">
          <p className="font-semibold">{t.batch.done(all - open, all)}</p>
          <p className="text-ink-2">
            {batch.cost_usd + batch.estimate_usd === 0
              ? t.batch.costsNothing
              : t.batch.spent(dollars(batch.cost_usd), dollars(batch.estimate_usd))}
          </p>
        </div>
        <CountsBar counts={counts} label={batch.name} />
      </div>
      {lines.length > 0 && (
        <div role="status" className="flex gap-2.5 rounded-control bg-warn-soft px-3 py-2.5 text-data">
          <Icon name="warning" className="mt-px text-warn" />
          <p>{lines.join(t.common.dot)}</p>
        </div>
      )}
      <fieldset className="flex flex-wrap gap-1.5">
        <legend className="sr-only">{t.batch.filter}</legend>
        {groups.map((each) => {
          const count = countOf(counts, each);
          if (count === 0 && each !== "all" && each !== group) return null;
          return (
            <button
              key={each}
              type="button"
              aria-pressed={each === group}
              onClick={() => on.onGroup(each)}
              className="h-[30px] rounded-control border border-line-2 bg-field px-2.5 text-data whitespace-nowrap hover:bg-hover aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-chrome pointer-coarse:h-11"
            >
              {`${t.batch.groups[each]} ${count}`}
            </button>
          );
        })}
      </fieldset>
    </header>
  );
}
