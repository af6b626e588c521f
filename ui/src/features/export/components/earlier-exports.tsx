/** Files made before: those that live, those still being made, and what can be made again. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { bytes } from "@/shared/format";
import { useSpeech } from "@/shared/i18n/words";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";
import { archiveUrl, exportsQuery } from "../queries";

const LOOK_EVERY_MS = 20_000;

type EarlierExportsProps = {
  variantId: string;
  /** Presets that were exported at any time. */
  past: readonly string[];
  busy: boolean;
  onAgain: (preset: string) => void;
};

export function EarlierExports({ variantId, past, busy, onAgain }: EarlierExportsProps) {
  const { t } = useSpeech();
  const now = useNow();
  const list = useQuery(exportsQuery(variantId));
  const files = (list.data ?? []).filter(({ expires_at }) => leftOf(expires_at, now) > 0);
  const ready = files.filter(({ status }) => status === "ready");
  const gone = list.data ? past.filter((preset) => !files.some((file) => file.preset === preset)) : [];
  return (
    <section className="flex flex-col gap-1 border-t border-line pt-4">
      <div className="flex items-baseline justify-between gap-3">
        <h3 className="text-body font-semibold">{t.export.earlier}</h3>
        {ready.length > 1 && (
          <a
            href={archiveUrl(ready)}
            download
            className="text-data font-medium text-accent pointer-coarse:py-2.5"
          >
            {t.export.archive(ready.length)}
          </a>
        )}
      </div>
      {list.isError && <p className="text-data text-fail">{t.export.listFailed}</p>}
      {list.data && files.length + gone.length === 0 && (
        <p className="text-data text-ink-2">{t.export.none}</p>
      )}
      <ul>
        {files.map((file) => (
          <FileRow key={file.id} file={file} now={now} busy={busy} onAgain={onAgain} />
        ))}
        {gone.map((preset) => (
          <Row key={preset} preset={preset}>
            <Again preset={preset} words={t.export.expired} busy={busy} onAgain={onAgain} />
          </Row>
        ))}
      </ul>
    </section>
  );
}

const leftOf = (expiresAt: string | null, now: number) => (expiresAt ? Date.parse(expiresAt) - now : 0);

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function useNameOf(preset: string, format?: string): string {
  const { t, say } = useSpeech();
  const { data: config } = useQuery(configQuery);
  const known = config?.export_presets.find(({ id }) => id === preset);
  const name = known ? say(known.name) : preset;
  return format ? `${name}${t.common.dot}${format.toUpperCase()}` : name;
}

type RowProps = { preset: string; format?: string; title?: string; children: ReactNode };

function Row({ preset, format, title, children }: RowProps) {
  return (
    <li className="flex min-h-9 items-center gap-3 text-data pointer-coarse:min-h-11">
      <span className="min-w-0 flex-1 truncate" title={title}>
        {useNameOf(preset, format)}
      </span>
      {children}
    </li>
  );
}

type AgainProps = { preset: string; words: string; busy: boolean; onAgain: (preset: string) => void };

function Again({ preset, words, busy, onAgain }: AgainProps) {
  return (
    <Button size="small" weight="text" icon="retry" disabled={busy} onClick={() => onAgain(preset)}>
      {words}
    </Button>
  );
}

type FileRowProps = {
  file: Schemas["Export"];
  now: number;
  busy: boolean;
  onAgain: (preset: string) => void;
};

function FileRow({ file, now, busy, onAgain }: FileRowProps) {
  const { t } = useSpeech();
  const name = useNameOf(file.preset, file.format);
  const minutes = Math.floor(leftOf(file.expires_at, now) / 60_000);
  const time =
    minutes >= 60 ? t.export.hoursLeft(Math.floor(minutes / 60)) : t.export.minutesLeft(Math.max(1, minutes));
  return (
    <Row preset={file.preset} format={file.format} title={file.name}>
      {file.status === "failed" ? (
        <Again preset={file.preset} words={t.export.notMade} busy={busy} onAgain={onAgain} />
      ) : (
        <span className="shrink-0 text-caption text-ink-2">
          {file.status === "pending"
            ? t.export.late(1)
            : [...(file.bytes === null ? [] : [bytes(file.bytes)]), time].join(t.common.dot)}
        </span>
      )}
      {file.url && file.status === "ready" && (
        <a
          href={file.url}
          download
          aria-label={t.export.downloadOne(name)}
          title={t.export.download}
          className="grid size-9 shrink-0 place-items-center rounded-control text-ink-2 hover:bg-hover hover:text-ink pointer-coarse:size-11"
        >
          <Icon name="download" />
        </a>
      )}
    </Row>
  );
}
