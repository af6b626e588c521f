/** The photos on their way in from this page. They go on while other screens are shown. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { Outbox } from "./outbox";
import type { UploadRow } from "./upload-row";
import { server } from "./upload-server";
import { IndexedPhotos } from "./photo-store";
import { useTellMissed } from "./use-tell-missed";

const outbox = new Outbox(new IndexedPhotos(), server);
let begun: Promise<void> | null = null;

/** The photos of one batch, or those that become products. */
export function useUploads(batch: string | null): readonly UploadRow[] {
  const rows = useSyncExternalStore(outbox.subscribe, outbox.snapshot);
  return rows.filter((row) => row.batch === batch);
}

/** For a screen that shows them one by one. */
export function useOutbox(batch: string | null): { outbox: Outbox; rows: readonly UploadRow[] } {
  useEffect(() => outbox.show(batch), [batch]);
  return { outbox, rows: useUploads(batch) };
}

/** For the screen of the products: `onOnly` hears of the product that a photo added alone became. */
export function useOnlyProduct(onOnly: (session: Schemas["Session"]) => void): void {
  const open = useEffectEvent(onOnly);
  useEffect(() => outbox.watch((session) => open(session)), []);
}

/** For the page as a whole: takes up what was kept, and tells on other screens what did not come in. */
export function useOutboxKept(): void {
  const client = useQueryClient();
  const { data: config } = useQuery(configQuery);
  const tellMissed = useEffectEvent(useTellMissed());
  useEffect(
    () =>
      outbox.attend({
        onMissed: (missed) => tellMissed(missed),
        onBatch: () => void client.invalidateQueries({ queryKey: ["batches"] }),
        onProduct: () => void client.invalidateQueries({ queryKey: ["sessions"] }),
      }),
    [client],
  );
  useEffect(() => {
    begun ??= outbox.begin();
  }, []);
  const limits = config?.limits;
  useEffect(() => {
    if (limits) outbox.allow({ maxBytes: limits.max_upload_bytes, maxSide: limits.max_side });
  }, [limits]);
}
