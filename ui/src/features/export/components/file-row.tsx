/** An exported file: facts, expiry and download. */
import type { ReactNode } from "react";
import { maxExportFiles } from "@/api/bounds.gen";
import type { Schemas } from "@/api/client";
import { useNames } from "@/shared/hooks/use-names";
import { bytes, formatName } from "@/shared/format";
import { useExportTranslation } from "../translation";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { leftOf } from "../hooks/use-now";
import { archiveUrl } from "../queries";

export function useNameOf(preset: string, format?: string): string {
  const { t } = useExportTranslation();
  const name = useNames().preset(preset);
  return format ? `${name}${t.common.dot}${formatName(format)}` : name;
}

type RowProps = { preset: string; format?: string; title?: string; children: ReactNode };

export function Row({ preset, format, title, children }: RowProps) {
  return (
    <li className="flex min-h-9 items-center gap-3 text-data pointer-coarse:min-h-11">
      <span className="min-w-0 flex-1 truncate" title={title}>
        {useNameOf(preset, format)}
      </span>
      {children}
    </li>
  );
}

type AgainProps = { preset: string; words: string; busy: boolean; onRetry: (preset: string) => void };

export function Again({ preset, words, busy, onRetry }: AgainProps) {
  return (
    <Button size="small" weight="text" icon="retry" disabled={busy} onClick={() => onRetry(preset)}>
      {words}
    </Button>
  );
}

type FileRowProps = {
  file: Schemas["Export"];
  now: number;
  busy: boolean;
  onRetry: (preset: string) => void;
};

export function FileRow({ file, now, busy, onRetry }: FileRowProps) {
  const { t } = useExportTranslation();
  const name = useNameOf(file.preset, file.format);
  const time = useTimeLeft(file, now);
  return (
    <Row preset={file.preset} format={file.format} title={file.name}>
      {file.status === "failed" ? (
        <Again preset={file.preset} words={t.export.notMade} busy={busy} onRetry={onRetry} />
      ) : (
        <span className="shrink-0 text-caption text-ink-2">
          {file.status === "pending"
            ? t.export.late(1)
            : [...(file.bytes === null ? [] : [bytes(file.bytes)]), time].join(t.common.dot)}
        </span>
      )}
      {file.url && file.status === "ready" && <DownloadLink url={file.url} name={name} />}
    </Row>
  );
}

export function useTimeLeft({ expires_at }: Schemas["Export"], now: number): string {
  const { t } = useExportTranslation();
  const minutes = Math.floor(leftOf(expires_at, now) / 60_000);
  return minutes >= 60
    ? t.export.hoursLeft(Math.floor(minutes / 60))
    : t.export.minutesLeft(Math.max(1, minutes));
}

/** Link to the files as one archive, which holds a limited number; nothing for a single one. */
export function ArchiveLink(props: { files: readonly Schemas["Export"][] }) {
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

export function DownloadLink({ url, name }: { url: string; name: string }) {
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
