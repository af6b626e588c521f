/** Previews of plan changes during a gesture, without storing anything. */
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Variant } from "@/api/client";
import type { PlanChanges } from "../hooks/use-runs";
import { fetchPreview } from "../preview";

const SIDE_PX = 1024;

type Order = {
  variant: Variant;
  changes: PlanChanges;
  /** Parts to ask for. While the product is in hand, its surroundings come first. */
  parts: readonly Part[];
};

export type Part = "surroundings" | "picture";
type Request = Pick<Order, "variant" | "changes"> & { part: Part };
type Made = { request: Request; url: string };

const keyOf = ({ variant, changes }: Pick<Order, "variant" | "changes">) =>
  JSON.stringify([variant.id, changes]);

type Previews = {
  /** URL of the newest picture. */
  picture: string | null;
  /** False while a picture of the current changes is still being made. */
  isCurrent: boolean;
  /** URL of the newest picture without the product. */
  surroundings: string | null;
};

/** The newest previews. One request runs at a time; the next one uses the changes that are current by then. */
export function usePreview(order: Order | null): Previews {
  const [made, setMade] = useState<Partial<Record<Part, Made>>>({});
  const { mutate, isPending, variables } = useMutation({
    mutationFn: ({ variant, changes, part }: Request) =>
      fetchPreview({
        session_id: variant.session_id,
        variant_id: variant.id,
        changes,
        size: SIDE_PX,
        with_product: part === "picture",
      }),
    onSuccess: (url, request) => setMade((now) => ({ ...now, [request.part]: { request, url } })),
    // Rate limited or superseded by a newer request. Other errors will be reported by the turn itself.
    onError: (_, { part }) => setMade((now) => ({ ...now, [part]: undefined })),
  });
  const key = order && keyOf(order);
  const isMade = (part: Part) => made[part] !== undefined && keyOf(made[part].request) === key;
  const part = order?.parts.find((one) => !isMade(one));
  const asked = variables && `${keyOf(variables)} ${variables.part}`;
  const wanted = part && `${key} ${part}`;
  useEffect(() => {
    if (order && part && wanted !== asked && !isPending) mutate({ ...order, part });
    // The key identifies the order.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [wanted, asked, isPending, mutate]);
  const urlOf = (part: Part) =>
    made[part] && made[part].request.variant.id === order?.variant.id ? made[part].url : null;
  return {
    picture: order?.parts.includes("picture") ? urlOf("picture") : null,
    isCurrent: isMade("picture"),
    surroundings: urlOf("surroundings"),
  };
}
