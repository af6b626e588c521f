/** Exported files of all products that have not expired, newest first. */
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { bytes } from "@/shared/format";
import { useExportTranslation } from "../translation";
import { leftOf, useNow } from "../hooks/use-now";
import { allExportsQuery } from "../queries";
import { ArchiveLink, DownloadLink, useNameOf, useTimeLeft } from "./file-row";

export function AllExports() {
  const { t } = useExportTranslation();
  const now = useNow();
  const list = useQuery(allExportsQuery);
  const files = (list.data ?? []).filter(
    ({ status, expires_at }) => status === "ready" && leftOf(expires_at, now) > 0,
  );
  return (
    <div className="border-b border-line py-3">
      <div className="flex items-start justify-between gap-3">
        <p>
          {t.export.files}
          <span className="block text-data text-ink-2">
            {list.data && files.length === 0 ? t.export.noFiles : t.export.filesHint}
          </span>
        </p>
        <ArchiveLink files={files} />
      </div>
      {list.isError && <p className="pt-1 text-data text-fail">{t.export.listFailed}</p>}
      {files.length > 0 && (
        <ul className="scroll-quiet mt-2 max-h-72 divide-y divide-line overflow-y-auto">
          {files.map((file) => (
            <File key={file.id} file={file} now={now} />
          ))}
        </ul>
      )}
    </div>
  );
}

function File({ file, now }: { file: Schemas["Export"]; now: number }) {
  const { t } = useExportTranslation();
  const facts = [
    useNameOf(file.preset, file.format),
    ...(file.bytes === null ? [] : [bytes(file.bytes)]),
    useTimeLeft(file, now),
  ];
  return (
    <li className="flex items-center gap-3 py-1.5 text-data">
      <span className="min-w-0 flex-1">
        <span className="block truncate" title={file.name}>
          {file.name}
        </span>
        <span className="block truncate text-caption text-ink-2">{facts.join(t.common.dot)}</span>
      </span>
      {file.url && <DownloadLink url={file.url} name={file.name} />}
    </li>
  );
}
