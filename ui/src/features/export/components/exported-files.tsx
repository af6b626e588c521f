/** Exported files: those of one picture, which can be made again, and those of all products. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { maxExportFiles } from "@/api/bounds.gen";
import type { Schemas } from "@/api/client";
import { bytes, formatName } from "@/shared/format";
import { useNames } from "@/shared/hooks/use-names";
import { Button } from "@/shared/ui/button";
import { ErrorLine } from "@/shared/ui/call-problem";
import { Icon } from "@/shared/ui/icon";
import { allExportsQuery, archiveUrl, exportsQuery } from "../queries";
import { useExportTranslation } from "../translation";

type Export = Schemas["Export"];

/** Milliseconds between updates of the time that is left, which is shown in minutes. */
const LOOK_EVERY_MS = 20_000;

/** Files that have not expired, and a function that describes one: preset with format, then size and time left. */
function useUnexpired(files: readonly Export[] = []) {
  const { t } = useExportTranslation();
  const names = useNames();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const leftOf = ({ expires_at }: Export) => (expires_at ? Date.parse(expires_at) - now : 0);
  const timeLeft = (file: Export) => {
    const minutes = Math.floor(leftOf(file) / 60_000);
    return minutes >= 60
      ? t.export.hoursLeft(Math.floor(minutes / 60))
      : t.export.minutesLeft(Math.max(1, minutes));
  };
  return {
    files: files.filter((file) => leftOf(file) > 0),
    describe: (file: Export) => ({
      name: [names.preset(file.preset), formatName(file.format)].join(t.common.dot),
      facts: [...(file.bytes === null ? [] : [bytes(file.bytes)]), timeLeft(file)].join(t.common.dot),
    }),
  };
}

type EarlierExportsProps = {
  variantId: string;
  /** Presets that were exported before. */
  past: readonly string[];
  busy: boolean;
  onRetry: (preset: string) => void;
};

/** Files of a picture: available ones, those being made, and expired or failed ones that can be made again. */
export function EarlierExports({ variantId, past, busy, onRetry }: EarlierExportsProps) {
  const { t } = useExportTranslation();
  const names = useNames();
  const list = useQuery(exportsQuery(variantId));
  const { files, describe } = useUnexpired(list.data);
  const ready = files.filter(({ status }) => status === "ready");
  const gone = list.data ? past.filter((preset) => !files.some((file) => file.preset === preset)) : [];
  const again = (preset: string, words: string) => (
    <Button size="small" weight="text" icon="retry" disabled={busy} onClick={() => onRetry(preset)}>
      {words}
    </Button>
  );
  return (
    <section className="flex flex-col gap-1 border-t border-line pt-4">
      <div className="flex items-baseline justify-between gap-3">
        <h3 className="text-body font-semibold">{t.export.earlier}</h3>
        <ArchiveLink files={ready} />
      </div>
      {list.isError && <ErrorLine>{t.export.listFailed}</ErrorLine>}
      {list.data && files.length + gone.length === 0 && (
        <p className="text-data text-ink-2">{t.export.none}</p>
      )}
      <ul>
        {files.map((file) => {
          const { name, facts } = describe(file);
          return (
            <Row key={file.id} name={name} title={file.name}>
              {file.status === "failed" ? (
                again(file.preset, t.export.notMade)
              ) : (
                <span className="shrink-0 text-caption text-ink-2">
                  {file.status === "pending" ? t.export.late(1) : facts}
                </span>
              )}
              {file.url && file.status === "ready" && <DownloadLink url={file.url} name={name} />}
            </Row>
          );
        })}
        {gone.map((preset) => (
          <Row key={preset} name={names.preset(preset)}>
            {again(preset, t.export.expired)}
          </Row>
        ))}
      </ul>
    </section>
  );
}

function Row({ name, title, children }: { name: string; title?: string; children: ReactNode }) {
  return (
    <li className="flex min-h-9 items-center gap-3 text-data pointer-coarse:min-h-11">
      <span className="min-w-0 flex-1 truncate" title={title}>
        {name}
      </span>
      {children}
    </li>
  );
}

/** Files of all products that can be downloaded, newest first. */
export function AllExports() {
  const { t } = useExportTranslation();
  const list = useQuery(allExportsQuery);
  const { files, describe } = useUnexpired(list.data?.filter(({ status }) => status === "ready"));
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
      {list.isError && <ErrorLine>{t.export.listFailed}</ErrorLine>}
      {files.length > 0 && (
        <ul className="scroll-quiet mt-2 max-h-72 divide-y divide-line overflow-y-auto">
          {files.map((file) => (
            <li key={file.id} className="flex items-center gap-3 py-1.5 text-data">
              <span className="min-w-0 flex-1">
                <span className="block truncate" title={file.name}>
                  {file.name}
                </span>
                <span className="block truncate text-caption text-ink-2">
                  {Object.values(describe(file)).join(t.common.dot)}
                </span>
              </span>
              {file.url && <DownloadLink url={file.url} name={file.name} />}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Link to the files as one archive, which holds a limited number; nothing for a single one. */
export function ArchiveLink(props: { files: readonly Export[] }) {
  const { t } = useExportTranslation();
  const files = props.files.slice(0, maxExportFiles);
  if (files.length < 2) return null;
  return (
    <a
      href={archiveUrl(files)}
      download
      className="shrink-0 text-data font-medium text-accent pointer-coarse:py-2.5"
    >
      {t.export.archive(files.length)}
    </a>
  );
}

function DownloadLink({ url, name }: { url: string; name: string }) {
  const { t } = useExportTranslation();
  return (
    <a
      href={url}
      download
      aria-label={t.export.downloadOne(name)}
      title={t.export.download}
      className="grid size-9 shrink-0 place-items-center rounded-control text-ink-2 hover:bg-hover hover:text-ink pointer-coarse:size-11"
    >
      <Icon name="download" />
    </a>
  );
}
