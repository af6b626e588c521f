/** How a picture would look with other fields of its plan, while the hand still moves; kept nowhere. */
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, unwrap, type Schemas } from "@/api/client";
import type { PlanChanges } from "./use-runs";

const SIDE_PX = 1024;

type Order = { variant: Schemas["Variant"]; changes: PlanChanges };

const keyOf = ({ variant, changes }: Order) => JSON.stringify([variant.id, changes]);

/** Address of the newest preview. One is asked for at a time, and the next shows what holds by then. */
export function usePreview(order: Order | null): string | null {
  const [shown, setShown] = useState<{ of: string; url: string } | null>(null);
  const { mutate, isPending, variables } = useMutation({
    mutationFn: ({ variant, changes }: Order) =>
      unwrap(
        api.POST("/preview", {
          body: { session_id: variant.session_id, variant_id: variant.id, changes, size: SIDE_PX },
          parseAs: "blob",
        }),
      ),
    onSuccess: (picture, { variant }) => setShown({ of: variant.id, url: URL.createObjectURL(picture) }),
    // Too many at once, or a newer one waits; what goes wrong otherwise, the turn itself tells.
    onError: () => setShown(null),
  });
  const wanted = order && keyOf(order);
  const asked = variables && keyOf(variables);
  useEffect(() => {
    if (order && wanted !== asked && !isPending) mutate(order);
    // The key stands for the order.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted, asked, isPending, mutate]);
  const url = shown?.url;
  useEffect(() => (url ? () => URL.revokeObjectURL(url) : undefined), [url]);
  return order && shown?.of === order.variant.id ? shown.url : null;
}
