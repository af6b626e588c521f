/** Lines above the page: a lost connection, and injected faults. */
import { useSyncExternalStore } from "react";
import { isOffline, onConnectivityChange } from "@/api/connectivity";
import { useConfig } from "@/shared/hooks/use-config";
import { useViewportPan } from "@/shared/hooks/use-viewport-pan";
import { useTranslation } from "@/shared/i18n/translation";

const line = "h-7 truncate px-4 py-1";

/** Stays in view while the page scrolls, also while a soft keyboard pans the page; bars stand below it. */
export function StatusLines() {
  const { t } = useTranslation();
  const config = useConfig();
  const isAway = useSyncExternalStore(onConnectivityChange, isOffline);
  const top = useViewportPan();
  const faults = config?.features.faults ?? false;
  if (!isAway && !faults) return null;
  return (
    <div
      className="sticky z-(--z-veil) bg-warn-soft pt-[env(safe-area-inset-top)] text-center text-data text-warn"
      style={{ top }}
    >
      {isAway && (
        <div role="status" data-line className={line}>
          {t.common.offline}
        </div>
      )}
      {/* While the server injects faults for a test, so that nobody takes them for real errors. */}
      {faults && (
        <div role="status" data-line className={line}>
          {t.common.faultsOn}
        </div>
      )}
    </div>
  );
}
