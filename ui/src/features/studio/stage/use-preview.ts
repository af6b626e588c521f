/** Preview of plan changes during a gesture, without storing anything. */
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, unwrap, type Schemas } from "@/api/client";
import type { PlanChanges } from "../hooks/use-runs";

const SIDE_PX = 1024;

type Order = { variant: Schemas["Variant"]; changes: PlanChanges };

const keyOf = ({ variant, changes }: Order) => JSON.stringify([variant.id, changes]);

type Preview = {
  url: string;
  /** False while a preview of the current changes is still being made. */
  isCurrent: boolean;
};

/** The newest preview. One request runs at a time; the next one uses the changes that are current by then. */
export function usePreview(order: Order | null): Preview | null {
  const [shown, setShown] = useState<{ order: Order; url: string } | null>(null);
  const { mutate, isPending, variables } = useMutation({
    mutationFn: ({ variant, changes }: Order) =>
      unwrap(
        api.POST("/preview", {
          body: { session_id: variant.session_id, variant_id: variant.id, changes, size: SIDE_PX },
          parseAs: "blob",
        }),
      ),
    onSuccess: (picture, order) => setShown({ order, url: URL.createObjectURL(picture) }),
    // Rate limited or superseded by a newer request. Other errors will be reported by the turn itself.
    onError: () => setShown(null),
  });
  const wanted = order && keyOf(order);
  const asked = variables && keyOf(variables);
  useEffect(() => {
    if (order && wanted !== asked && !isPending) mutate(order);
    // The key identifies the order.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted, asked, isPending, mutate]);
  const url = shown?.url;
  useEffect(() => (url ? () => URL.revokeObjectURL(url) : undefined), [url]);
  return order && shown?.order.variant.id === order.variant.id
    ? { url: shown.url, isCurrent: keyOf(shown.order) === wanted }
    : null;
}
