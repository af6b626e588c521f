/** A thin line while the browser has no network. */
import { useOnline } from "@/shared/hooks/use-online";
import { useSpeech } from "@/shared/i18n/words";

export function OfflineLine() {
  const { t } = useSpeech();
  if (useOnline()) return null;
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
