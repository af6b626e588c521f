/**
 * Corrected cut-outs whose pictures are made again. Each new picture replaces the item's picture when its job ends.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Job } from "@/api/client";
import { isActive, sessionQuery } from "@/api/queries";
import { useJobs } from "@/shared/jobs/use-jobs";
import { useToast } from "@/shared/ui/layers/toast";
import type { Item } from "../queries";
import { useBatchTranslation } from "../translation";

type Repair = { itemId: string; job: Job };

export function useRepairs(items: readonly Item[], onMade: (item: Item, variantId: string) => void) {
  const { t } = useBatchTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const [repairs, setRepairs] = useState<readonly Repair[]>([]);
  useJobs(
    repairs.map(({ job }) => job),
    {
      onJob: (job) => {
        const repair = repairs.find((each) => each.job.id === job.id);
        if (!repair || isActive(job)) return;
        setRepairs((all) => all.filter((each) => each !== repair));
        void client.invalidateQueries({ queryKey: sessionQuery(job.session_id).queryKey });
        const made = job.variants.find(({ role }) => role === "candidate");
        const repaired = items.find((each) => each.id === repair.itemId);
        if (made && repaired) onMade(repaired, made.id);
        else toast(t.batch.notRepaired);
      },
    },
  );
  return {
    follow: (item: Item, job: Job) => setRepairs((all) => [...all, { itemId: item.id, job }]),
    isUnderWay: (item: Item) => repairs.some(({ itemId }) => itemId === item.id),
  };
}
