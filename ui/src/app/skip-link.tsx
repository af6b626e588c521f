/** Skip link: lets keyboard users jump over the top bar. */
import { useTranslation } from "@/shared/i18n/translation";

export function SkipLink() {
  const { t } = useTranslation();
  return (
    <a
      href="#content"
      className="fixed top-2 left-2 z-(--z-toast) -translate-y-20 rounded-control bg-ink px-3 py-2 text-chrome focus:translate-y-0"
    >
      {t.common.skipToContent}
    </a>
  );
}
