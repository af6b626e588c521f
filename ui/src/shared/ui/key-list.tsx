/** List of keyboard shortcuts. */
import { useTranslation } from "@/shared/i18n/translation";

type KeyListProps = {
  /** Layout classes of the pairs. */
  className: string;
};

export function KeyList({ className }: KeyListProps) {
  const { t } = useTranslation();
  return (
    <dl className={`text-data ${className}`}>
      {Object.entries(t.studio.shortcutList).map(([keys, words]) => (
        <div key={keys} className="flex items-baseline gap-3">
          <dt className="w-20 shrink-0">
            <kbd className="font-sans font-semibold">{keys}</kbd>
          </dt>
          <dd className="text-ink-2">{words}</dd>
        </div>
      ))}
    </dl>
  );
}
