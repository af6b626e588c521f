/** Lines above the page: injected faults, and a lost connection. */
import { useConfig } from "@/shared/hooks/use-config";
import { useOffline } from "@/shared/hooks/use-offline";
import { useTranslation } from "@/shared/i18n/translation";

const line = "h-7 truncate bg-warn-soft px-4 py-1 text-center text-data text-warn";

export function StatusLines() {
  const { t } = useTranslation();
  const config = useConfig();
  return (
    <>
      {useOffline() && (
        <div role="status" data-line className={`sticky top-0 z-(--z-bar) ${line}`}>
          {t.common.offline}
        </div>
      )}
      {/* While the server injects faults for a test, so that nobody takes them for real errors. */}
      {config?.features.faults && (
        <div role="status" data-line className={line}>
          {t.common.faultsOn}
        </div>
      )}
    </>
  );
}
