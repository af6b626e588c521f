/** Offer for several photos at once: make one batch of the products. It holds its place until they have arrived. */
import type { Session } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { Button, IconButton } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { hasFailed, type UploadRow } from "@/shared/photos/upload-row";

type BatchOfferProps = {
  rows: readonly UploadRow[];
  onBatch: (products: Session[]) => void;
  onDismiss: () => void;
};

export function BatchOffer({ rows, onBatch, onDismiss }: BatchOfferProps) {
  const { t } = useTranslation();
  const products = rows.flatMap(({ session }) => session ?? []);
  const going = rows.filter((row) => !row.session && !hasFailed(row)).length;
  if (products.length + going < 2) return null;
  return (
    <section
      role="status"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 border border-line bg-panel py-2.5 pr-2 pl-4 max-sm:pl-2"
    >
      <Icon name="images" className="text-ink-2 max-sm:ml-2" />
      <p className="min-w-0 flex-1 text-body">
        {going > 0 ? t.upload.heading : t.batches.offer(products.length)}
      </p>
      <Button
        disabled={going > 0}
        className="max-sm:order-last max-sm:w-full"
        onClick={() => onBatch(products)}
      >
        {t.batches.offerBatch}
      </Button>
      <IconButton name="close" label={t.common.close} disabled={going > 0} onClick={onDismiss} />
    </section>
  );
}
