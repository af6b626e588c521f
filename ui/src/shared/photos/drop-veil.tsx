/** Overlay of the page while files are dragged over it. */
import { useTranslation } from "@/shared/i18n/translation";

export function DropVeil() {
  const { t } = useTranslation();
  return (
    <div className="pointer-events-none fixed inset-0 z-(--z-veil) grid bg-veil p-6">
      <div className="grid place-items-center border-2 border-dashed border-line-stage text-title font-semibold">
        {t.home.letGo}
      </div>
    </div>
  );
}
