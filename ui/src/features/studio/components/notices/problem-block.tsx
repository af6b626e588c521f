/** Error of a job: what is saved, what is missing, and how to continue. Shown where the result would be. */
import { Link } from "wouter";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { useExplanation } from "@/shared/ui/call-problem";
import { CopyButton } from "@/shared/ui/copy-button";
import { Icon } from "@/shared/ui/icon";
import { useStudio } from "../../hooks/use-studio";
import { missingOf, type Turn } from "../../turns";
import { LogLines } from "./log-lines";
import { useTurnTitle } from "../history/turn-title";

/** `onBegin` is called with the id of the job that tries again. */
export function ProblemBlock({ turn, onBegin }: { turn: Turn; onBegin: (jobId: string) => void }) {
  const { runs, feedOf, wait } = useStudio();
  const { t } = useTranslation();
  const titleOf = useTurnTitle();
  const explain = useExplanation();
  const { job } = turn;
  const error = job.last_error;
  const missing = missingOf(turn);
  const kept = job.candidates - missing;
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-lead font-semibold break-words">{titleOf(job)}</h2>
      <div role="alert" className="border-l-[3px] border-fail pl-3">
        <p className="flex items-center gap-2 font-semibold text-fail">
          <Icon name="stop" />
          {t.studio.stopTitle(missing)}
        </p>
        <p className="pt-1">{explain(error ?? { code: "E_INTERNAL", title: t.problem.internal })}</p>
        {kept > 0 && <p>{t.studio.stopKept(kept)}</p>}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button
          weight="yielding"
          icon="retry"
          disabled={runs.again.isPending || wait > 0}
          onClick={() => runs.again.mutate(job.id, { onSuccess: ({ id }) => onBegin(id) })}
        >
          {wait > 0 ? t.studio.rateLimited(wait) : t.studio.retryMissing(missing)}
        </Button>
        <a
          href={`/job/${job.id}/report`}
          download={`stillroom-${job.id}.md`}
          className="inline-flex h-9 items-center gap-2 rounded-control border border-line-strong bg-field px-3 font-medium hover:bg-hover pointer-coarse:h-11"
        >
          <Icon name="report" />
          {t.studio.report}
        </a>
      </div>
      <p className="text-data text-ink-2">{t.studio.retryNote}</p>
      {error?.code === "E_AI_AUTH" && (
        <Link href="/settings" className="self-start font-medium text-accent">
          {t.studio.seeSettings}
        </Link>
      )}
      <LogLines lines={feedOf(job.id).logs} since={job.started_at ?? job.created_at} />
      <p className="flex flex-wrap items-center gap-x-2 text-caption text-ink-3">
        {error?.code}
        {error?.request_id && (
          <>
            <span aria-hidden="true">·</span>
            <span className="break-all">{error.request_id}</span>
            <CopyButton text={`${error.code} ${error.request_id}`} />
          </>
        )}
      </p>
      <p className="text-caption text-ink-3">{t.studio.reportNote}</p>
    </section>
  );
}
