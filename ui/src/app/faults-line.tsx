/** Line above the page while the server injects faults for a test, so that nobody takes them for real errors. */
import { useQuery } from "@tanstack/react-query";
import { configQuery } from "@/api/queries";
import { useTranslation } from "@/shared/i18n/translation";

export function FaultsLine() {
  const { t } = useTranslation();
  const { data: config } = useQuery(configQuery);
  if (!config?.features.faults) return null;
  return (
    <div
      role="status"
      data-line
      className="h-7 truncate bg-warn-soft px-4 py-1 text-center text-data text-warn"
    >
      {t.common.faultsOn}
    </div>
  );
}
