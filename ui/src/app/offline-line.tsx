/** Line above the page while the browser is offline and the server unreachable. */
import { useOffline } from "@/shared/hooks/use-offline";
import { useTranslation } from "@/shared/i18n/translation";

export function OfflineLine() {
  const { t } = useTranslation();
  if (!useOffline()) return null;
  return (
    <div
      role="status"
      data-line
      className="sticky top-0 z-(--z-bar) h-7 truncate bg-warn-soft px-4 py-1 text-center text-data text-warn"
    >
      {t.common.offline}
    </div>
  );
}
