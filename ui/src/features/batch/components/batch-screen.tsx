/** Loads a batch and its items, then shows them. */
import { useQuery } from "@tanstack/react-query";
import { codeOf } from "@/api/problems";
import { useTitle } from "@/shared/hooks/use-title";
import { NotFound } from "@/shared/shell/not-found";
import { PageBar } from "@/shared/shell/page-bar";
import { LoadProblem } from "@/shared/ui/load-problem";
import { batchQuery, itemsQuery } from "../queries";
import { useBatchSpeech } from "../translation";
import { BatchWork, type BatchWorkProps } from "./batch-work";

type BatchScreenProps = Omit<BatchWorkProps, "batch" | "items"> & { id: string };

export function BatchScreen({ id, ...parts }: BatchScreenProps) {
  const { t } = useBatchSpeech();
  const batch = useQuery(batchQuery(id));
  const items = useQuery(itemsQuery(id));
  useTitle(batch.data?.name ?? t.batch.title);
  if (codeOf(batch.error) === "E_NOT_FOUND") return <NotFound title={t.batch.notFound} />;
  const refused = batch.error ?? items.error;
  return (
    <div className="flex min-h-dvh flex-col md:h-[calc(100dvh-var(--lines,0px))]">
      <PageBar />
      {batch.data && items.data ? (
        <BatchWork batch={batch.data} items={items.data} {...parts} />
      ) : (
        <main id="content" className="flex flex-col items-start gap-4 p-8" aria-busy={!refused}>
          <LoadProblem
            alone
            error={refused}
            onRetry={() => void Promise.all([batch.refetch(), items.refetch()])}
          />
        </main>
      )}
    </div>
  );
}
