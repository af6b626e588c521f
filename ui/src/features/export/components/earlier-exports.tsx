/** Earlier exports: available files, files being made, and expired ones that can be made again. */
import { useQuery } from "@tanstack/react-query";
import { useExportTranslation } from "../translation";
import { leftOf, useNow } from "../hooks/use-now";
import { exportsQuery } from "../queries";
import { Again, ArchiveLink, FileRow, Row } from "./file-row";

type EarlierExportsProps = {
  variantId: string;
  /** Presets that were exported before. */
  past: readonly string[];
  busy: boolean;
  onRetry: (preset: string) => void;
};

export function EarlierExports({ variantId, past, busy, onRetry }: EarlierExportsProps) {
  const { t } = useExportTranslation();
  const now = useNow();
  const list = useQuery(exportsQuery(variantId));
  const files = (list.data ?? []).filter(({ expires_at }) => leftOf(expires_at, now) > 0);
  const ready = files.filter(({ status }) => status === "ready");
  const gone = list.data ? past.filter((preset) => !files.some((file) => file.preset === preset)) : [];
  return (
    <section className="flex flex-col gap-1 border-t border-line pt-4">
      <div className="flex items-baseline justify-between gap-3">
        <h3 className="text-body font-semibold">{t.export.earlier}</h3>
        <ArchiveLink files={ready} />
      </div>
      {list.isError && <p className="text-data text-fail">{t.export.listFailed}</p>}
      {list.data && files.length + gone.length === 0 && (
        <p className="text-data text-ink-2">{t.export.none}</p>
      )}
      <ul>
        {files.map((file) => (
          <FileRow key={file.id} file={file} now={now} busy={busy} onRetry={onRetry} />
        ))}
        {gone.map((preset) => (
          <Row key={preset} preset={preset}>
            <Again preset={preset} words={t.export.expired} busy={busy} onRetry={onRetry} />
          </Row>
        ))}
      </ul>
    </section>
  );
}
