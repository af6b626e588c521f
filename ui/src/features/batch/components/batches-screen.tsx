/** List of batches and saved recipes. */
import { useQuery } from "@tanstack/react-query";
import { useLocation, Link } from "wouter";
import { ago, dollars } from "@/shared/format";
import { PageBar } from "@/shared/shell/page-bar";
import { DRAFT } from "@/shared/photos/photo-store";
import { useUploads } from "@/shared/photos/use-outbox";
import { Button } from "@/shared/ui/button";
import { LoadProblem } from "@/shared/ui/load-problem";
import { column, MessageBlock } from "@/shared/ui/message-block";
import { Tag } from "@/shared/ui/tag";
import { useTitle } from "@/shared/hooks/use-title";
import { batchesQuery, type Batch } from "../queries";
import { useBatchTranslation } from "../translation";
import { CountsBar, CountsLine, StatusTag } from "./counts";
import { RecipeList } from "./recipe-list";

export function BatchesScreen() {
  const { t } = useBatchTranslation();
  const [, navigate] = useLocation();
  const batches = useQuery(batchesQuery);
  const waiting = useUploads(DRAFT).length;
  useTitle(t.batch.title);
  const isEmpty = batches.data?.length === 0;
  const begin = () => navigate("/batches/new");
  return (
    <div className="flex min-h-dvh flex-col">
      <PageBar />
      <main id="content" className={`flex flex-1 flex-col gap-8 max-sm:gap-6 ${column}`}>
        {isEmpty ? (
          <MessageBlock title={t.batch.emptyTitle}>
            <p className="max-w-[460px] text-lead text-ink-2">{t.batch.emptyLead}</p>
            <Button size="touch" weight="filled" icon="add" onClick={begin}>
              {waiting > 0 ? t.batch.goOn(waiting) : t.batch.newBatch}
            </Button>
          </MessageBlock>
        ) : (
          <section className="flex flex-col gap-4">
            <div className="flex flex-wrap items-center justify-between gap-3">
              <h1 className="text-title font-semibold">{t.batch.title}</h1>
              <Button weight="filled" icon="add" onClick={begin}>
                {waiting > 0 ? t.batch.goOn(waiting) : t.batch.newBatch}
              </Button>
            </div>
            <LoadProblem error={batches.error} onRetry={() => void batches.refetch()} />
            <ul className="flex flex-col border-t border-line">
              {batches.data?.map((batch) => (
                <BatchRow key={batch.id} batch={batch} />
              ))}
            </ul>
          </section>
        )}
        {!batches.isPending && <RecipeList />}
      </main>
    </div>
  );
}

function BatchRow({ batch }: { batch: Batch }) {
  const { t, tag } = useBatchTranslation();
  const { counts } = batch;
  const when = ago(batch.created_at, tag, t.home.relative);
  return (
    <li className="border-b border-line">
      <Link
        href={`/batches/${batch.id}`}
        className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-2 px-2 py-3.5 hover:bg-hover"
      >
        <span className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1.5">
          <span className="max-w-full truncate text-lead font-semibold">{batch.name}</span>
          <StatusTag batch={batch} />
          {counts.needs_review > 0 && (
            <Tag tone="warn" icon="eye">
              {t.batch.toLookAt(counts.needs_review)}
            </Tag>
          )}
        </span>
        <span className="self-start pt-0.5 text-data text-ink-2">
          {[...(batch.cost_usd > 0 ? [dollars(batch.cost_usd)] : []), when].join(t.common.dot)}
        </span>
        <CountsBar counts={counts} label={batch.name} className="col-span-2" />
        <span className="col-span-2 text-data text-ink-2">
          <CountsLine counts={counts} />
        </span>
      </Link>
    </li>
  );
}
