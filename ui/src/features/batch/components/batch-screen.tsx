/** Loads a batch and its items, then shows them. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { codeOf } from "@/api/problems";
import { useTitle } from "@/shared/hooks/use-title";
import { MessagePage } from "@/shared/shell/message-page";
import { PageBar } from "@/shared/shell/page-bar";
import { isUnderWay } from "../items";
import { batchQuery, itemsQuery } from "../queries";
import { useBatchTranslation } from "../translation";
import { BatchWork, type BatchWorkProps } from "./batch-work";

type BatchScreenProps = Omit<BatchWorkProps, "batch" | "items"> & { id: string };

export function BatchScreen({ id, ...parts }: BatchScreenProps) {
  const { t } = useBatchTranslation();
  const batch = useQuery(batchQuery(id));
  const items = useQuery(itemsQuery(id));
  const isOver = batch.data !== undefined && !isUnderWay(batch.data);
  // A request that is on its way is as new as another one would be.
  const reload = useEffectEvent(() => void items.refetch({ cancelRefetch: false }));
  useEffect(() => {
    if (isOver) reload();
  }, [isOver]);
  useTitle(batch.data?.name ?? t.batch.title);
  const back = { href: "/batches", name: t.batch.toBatches };
  if (codeOf(batch.error) === "E_NOT_FOUND") return <MessagePage title={t.batch.notFound} back={back} />;
  const error = batch.error ?? items.error;
  if (error && !(batch.data && items.data)) {
    const onRetry = () => void Promise.all([batch.refetch(), items.refetch()]);
    return <MessagePage title={t.problem.notLoaded} problem={{ error, onRetry }} back={back} />;
  }
  return (
    <div className="flex min-h-dvh flex-col md:h-[calc(100dvh-var(--lines,0px))]">
      <PageBar />
      {batch.data && items.data ? (
        <BatchWork batch={batch.data} items={items.data} {...parts} />
      ) : (
        <main id="content" aria-busy="true" aria-label={t.common.loading} />
      )}
    </div>
  );
}
