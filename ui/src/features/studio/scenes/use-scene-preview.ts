/** Previews of the product in scenes, requested one at a time. */
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Session, Variant } from "@/api/client";
import { codeOf } from "@/api/problems";
import { scenePreviewsKey } from "@/api/queries";
import type { PlanChanges } from "../hooks/use-runs";
import { fetchPreview } from "../preview";

/** Longest side in pixels: tiles are up to 90 px wide on screens with two device pixels per CSS pixel. */
const SIDE_PX = 192;
const KEPT_MS = 15 * 60_000;
const TRIES = 2;

/** Product and backdrop of a preview. */
export type Previewed = {
  session: Session;
  /** Base picture; null for the photo. */
  base: Variant | null;
  /** Instruction or plan changes that choose the scene. */
  order: { prompt: string } | { changes: PlanChanges };
};

let last: Promise<unknown> = Promise.resolve();

/** Queues `ask` after all earlier requests. An aborted one is skipped. */
function inTurn<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  const mine = last.then(() => {
    signal.throwIfAborted();
    return ask();
  });
  last = mine.catch(() => undefined);
  return mine;
}

const keyOf = ({ session, base, order }: Previewed) => [
  ...scenePreviewsKey(session.id),
  base?.id ?? null,
  session.product.size_cm,
  order,
];

const scenePreviewQuery = (previewed: Previewed) => {
  const { session, base, order } = previewed;
  return queryOptions({
    queryKey: keyOf(previewed),
    queryFn: ({ signal }) =>
      inTurn(signal, () =>
        fetchPreview(
          {
            session_id: session.id,
            variant_id: base?.id ?? null,
            ...order,
            size: SIDE_PX,
            with_product: true,
          },
          signal,
        ),
      ),
    staleTime: Infinity,
    gcTime: KEPT_MS,
    // Another window of this product may request the same preview size, and the newer request replaces the older one.
    retry: (count, error) => count < TRIES && ["E_CONFLICT", "E_RATE_LIMITED"].includes(codeOf(error) ?? ""),
  });
};

/**
 * URL of the preview; null until it is loaded and if there is none. A preview that is no longer wanted is aborted, in
 * the queue or in flight.
 */
export function useScenePreview(previewed: Previewed, isWanted: boolean): string | null {
  const client = useQueryClient();
  const key = JSON.stringify(keyOf(previewed));
  useEffect(() => {
    if (!isWanted) void client.cancelQueries({ queryKey: JSON.parse(key) as unknown[], exact: true });
  }, [client, key, isWanted]);
  const { data } = useQuery({
    ...scenePreviewQuery(previewed),
    enabled: isWanted,
    // Until the new preview arrives, a tile keeps its last preview or that of the photo.
    placeholderData: (shown: string | undefined) =>
      shown ?? client.getQueryData<string>(keyOf({ ...previewed, base: null })),
  });
  return data ?? null;
}
