/** Small pictures of the product in scenes that were not asked for yet; one is made at a time. */
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, unwrap, type Schemas } from "@/api/client";
import { codeOf } from "@/api/problems";
import { scenePreviewsKey } from "@/api/queries";
import type { PlanChanges } from "../hooks/use-runs";

/** Longest side in pixels: the tiles are up to 90 wide, on screens with two pixels to one. */
const SIDE_PX = 192;
const KEPT_MS = 15 * 60_000;
const TRIES = 2;

/** What is previewed, and what it depends on. */
type Previewed = {
  session: Schemas["Session"];
  /** The picture it goes on from; null is the photo. */
  base: Schemas["Variant"] | null;
  /** Words or fields that put the product into the scene. */
  order: { prompt: string } | { changes: PlanChanges };
};

let last: Promise<unknown> = Promise.resolve();

/** Runs after all that was asked for before; what nobody waits for any more is left out. */
function inTurn<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  const mine = last.then(() => {
    signal.throwIfAborted();
    return ask();
  });
  last = mine.catch(() => undefined);
  return mine;
}

/** As an address that needs no release: these are a few kilobytes. */
const addressOf = (picture: Blob) =>
  new Promise<string>((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result as string);
    reader.onerror = () => fail(new Error("unreadable"));
    reader.readAsDataURL(picture);
  });

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
      inTurn(signal, async () =>
        addressOf(
          await unwrap(
            api.POST("/preview", {
              body: { session_id: session.id, variant_id: base?.id ?? null, ...order, size: SIDE_PX },
              parseAs: "blob",
              signal,
            }),
          ),
        ),
      ),
    staleTime: Infinity,
    gcTime: KEPT_MS,
    // Another window that shows this product asks for the same size, and the newer request replaces the older.
    retry: (count, error) => count < TRIES && ["E_CONFLICT", "E_RATE_LIMITED"].includes(codeOf(error) ?? ""),
  });
};

/**
 * Address of the preview; null before it is there, and where none can be made. One that is no longer wanted is called
 * off, on its way or in line.
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
    // A tile keeps what it shows, or shows the photo's product, until it is drawn with this picture's.
    placeholderData: (shown: string | undefined) =>
      shown ?? client.getQueryData<string>(keyOf({ ...previewed, base: null })),
  });
  return data ?? null;
}
