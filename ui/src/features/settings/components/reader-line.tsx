/** Reader model for instructions that the rules do not understand, and what is sent to it. */
import type { Schemas } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";

export function ReaderLine({ reader }: { reader: Schemas["ReaderState"] | null }) {
  const { t } = useTranslation();
  if (!reader) return null;
  return (
    <div className="border-b border-line py-3">
      <p>
        <span className="font-medium">{t.settings.reader}</span>{" "}
        <span className="break-all text-ink-2">{reader.model}</span>
      </p>
      <p className="pt-1 text-data break-words text-ink-2">
        {reader.sees_photos ? t.settings.readerSees(reader.host) : t.settings.readerSends(reader.host)}
      </p>
    </div>
  );
}
