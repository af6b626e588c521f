/** Hooks for the outbox, which continues across screens. */
import { useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import type { Session, Schemas } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { Outbox } from "./outbox";
import type { UploadRow, FailedUpload } from "./upload-row";
import { server } from "./upload-server";
import { IndexedPhotos } from "./photo-store";
import { useTranslation } from "@/shared/i18n/translation";
import { refusalText } from "./check-file";
import { useProblemText } from "@/shared/ui/call-problem";
import { useToast } from "@/shared/ui/layers/toast";

type Known = InfiniteData<Schemas["SessionPage"]>;

/** Puts a new product first, before the server lists it. */
const withProduct = ({ pages, pageParams }: Known, session: Session): Known => ({
  pageParams,
  pages: pages.map((page, at) => ({
    ...page,
    items: [...(at === 0 ? [session] : []), ...page.items.filter(({ id }) => id !== session.id)],
  })),
});

const outbox = new Outbox(new IndexedPhotos(), server);
let resumed: Promise<void> | null = null;

/** Uploads of a batch, or with null those that become products. */
export function useUploads(batch: string | null): readonly UploadRow[] {
  const rows = useSyncExternalStore(outbox.subscribe, outbox.snapshot);
  return rows.filter(({ task }) => task.batch === batch);
}

/** For screens with an upload list. */
export function useOutbox(batch: string | null): { outbox: Outbox; rows: readonly UploadRow[] } {
  useEffect(() => outbox.markVisible(batch), [batch]);
  return { outbox, rows: useUploads(batch) };
}

/** Called after a product was deleted, so that no batch is offered with it. */
export const forgetProduct = (sessionId: string): void => outbox.forgetProduct(sessionId);

/** Calls `onSingle` with the product of a photo that was added alone. */
export function useSingleProduct(onSingle: (session: Session) => void): void {
  const open = useEffectEvent(onSingle);
  useEffect(() => outbox.openSingle((session) => open(session)), []);
}

/** Mounted once: resumes stored uploads, and reports failures on screens without an upload list. */
export function OutboxRunner(): null {
  const client = useQueryClient();
  const config = useConfig();
  const showFailures = useEffectEvent(useFailureToast());
  useEffect(
    () =>
      outbox.listen({
        onFailures: (failures) => showFailures(failures),
        onBatch: () => void client.invalidateQueries({ queryKey: ["batches"] }),
        onProduct: (session) => {
          client.setQueryData<Known>(["sessions"], (known) => known && withProduct(known, session));
          void client.invalidateQueries({ queryKey: ["sessions"] });
        },
      }),
    [client],
  );
  useEffect(() => {
    resumed ??= outbox.resume();
  }, []);
  const limits = config?.limits;
  useEffect(() => {
    if (limits) outbox.allow({ maxBytes: limits.max_upload_bytes, maxSide: limits.max_side });
  }, [limits]);
  return null;
}

/** Toast that lists photos which were not accepted. */
function useFailureToast(): (failures: readonly FailedUpload[]) => void {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const toast = useToast();
  return (failures) => {
    const [first] = failures;
    if (!first) return;
    const reason = first.refusal ? refusalText(first.refusal, t.upload) : problemText(first.error);
    toast(failures.length === 1 ? t.common.labelled(first.name, reason) : t.upload.notAdded(failures.length));
  };
}
