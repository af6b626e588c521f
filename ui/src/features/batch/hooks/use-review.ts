/** Review decisions on batch items, with undo. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Schemas } from "@/api/client";
import { useToast } from "@/shared/ui/layers/toast";
import { useProblemText } from "@/shared/ui/call-problem";
import { withChanges } from "../items";
import { batchQuery, decideItem, itemsQuery, type Item } from "../queries";
import { useBatchTranslation } from "../translation";

type Decision = NonNullable<Schemas["ItemDecision"]["status"]>;
type Change = { item: Item; status: Decision; variantId?: string | null };

const AT_ONCE = 3;

export function useReview(id: string) {
  const { t } = useBatchTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const problemText = useProblemText();
  /** Items before each decision, newest last, for undo. */
  const [past, setPast] = useState<readonly (readonly Item[])[]>([]);
  const [done, setDone] = useState<{ made: number; all: number } | null>(null);

  const change = useMutation({
    // One after the other, so that no decision is lost while another one is stored.
    scope: { id: `review ${id}` },
    mutationFn: async (changes: readonly Change[]) => {
      const waiting = [...changes];
      let made = 0;
      const work = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          const { item, status, variantId } = next;
          const now = await decideItem(id, item.id, { status, variant_id: variantId ?? item.variant_id });
          client.setQueryData(itemsQuery(id).queryKey, (items) =>
            items ? withChanges(items, new Map([[now.id, now]])) : items,
          );
          made += 1;
          if (changes.length > 1) setDone({ made, all: changes.length });
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    },
    onError: (error) => toast(problemText(error)),
    onSettled: () => {
      setDone(null);
      return client.invalidateQueries({ queryKey: batchQuery(id).queryKey, exact: true });
    },
  });

  const undo = () => {
    const before = past.at(-1);
    if (!before) return;
    setPast((all) => all.slice(0, -1));
    // In place of the message about the decision, whose button would undo an earlier one.
    toast(t.batch.undone);
    change.mutate(
      before.map((item) => ({
        item,
        variantId: item.variant_id,
        status: item.status === "approved" || item.status === "rejected" ? item.status : "needs_review",
      })),
    );
  };
  // The button of a message outlives the render that showed it.
  const latest = useRef(undo);
  useEffect(() => {
    latest.current = undo;
  });
  const decide = (changes: readonly Change[], said: string) => {
    if (changes.length === 0) return;
    setPast((all) => [...all, changes.map(({ item }) => item)]);
    change.mutate(changes, {
      onSuccess: () => toast(said, { label: t.common.undo, act: () => latest.current() }),
    });
  };
  return {
    done,
    canUndo: past.length > 0,
    isBusy: change.isPending,
    undo,
    approve: (item: Item, variantId: string) =>
      decide([{ item, status: "approved", variantId }], t.batch.approved),
    reject: (item: Item) => decide([{ item, status: "rejected" }], t.batch.rejectedOne),
    approveAll: (items: readonly Item[]) =>
      decide(
        items.map((item) => ({ item, status: "approved" })),
        t.batch.approvedAll(items.length),
      ),
    /** Replaces the item's picture. The server applies the review threshold to it again. */
    replace: (item: Item, variantId: string) =>
      change.mutate([{ item, status: "needs_review", variantId }], {
        onSuccess: () => toast(t.batch.repaired),
      }),
  };
}
