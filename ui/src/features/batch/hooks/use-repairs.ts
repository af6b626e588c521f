/**
 * Corrected cut-outs whose pictures are made again. Each new picture replaces the item's picture when its job ends, or
 * when the page of the batch is opened again after that.
 */
import { useQueryClient } from "@tanstack/react-query";
import type { Job } from "@/api/client";
import { isActive, sessionQuery } from "@/api/queries";
import { useStored } from "@/shared/hooks/use-stored";
import { useJobs } from "@/shared/jobs/use-jobs";
import { useToast } from "@/shared/ui/layers/toast";
import type { Item } from "../queries";
import { useBatchTranslation } from "../translation";

type Repair = { itemId: string; job: Pick<Job, "id" | "created_at"> };

const none: readonly Repair[] = [];
/** Repairs whose batch is never opened again are forgotten in time. */
const MAX_STORED = 50;

const areRepairs = (value: unknown): value is readonly Repair[] =>
  Array.isArray(value) && value.every((each: unknown) => each instanceof Object && "job" in each);

export function useRepairs(items: readonly Item[], onMade: (item: Item, variantId: string) => void) {
  const { t } = useBatchTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [repairs, setRepairs] = useStored("batch-repairs", none, areRepairs);
  useJobs(
    repairs.filter(({ itemId }) => items.some(({ id }) => id === itemId)).map(({ job }) => job),
    {
      onJob: (job) => {
        const repair = repairs.find((each) => each.job.id === job.id);
        if (!repair || isActive(job)) return;
        setRepairs((all) => all.filter((each) => each.job.id !== job.id));
        void client.invalidateQueries({ queryKey: sessionQuery(job.session_id).queryKey });
        const made = job.variants.find(({ role }) => role === "candidate");
        const repaired = items.find((each) => each.id === repair.itemId);
        if (made && repaired) onMade(repaired, made.id);
        else toast(t.batch.notRepaired);
      },
    },
  );
  return {
    follow: (item: Item, { id, created_at }: Job) =>
      setRepairs((all) => [...all, { itemId: item.id, job: { id, created_at } }].slice(-MAX_STORED)),
    isUnderWay: (item: Item) => repairs.some(({ itemId }) => itemId === item.id),
  };
}
