/** Files made before, as long as they live. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { bytes } from "@/shared/format";
import { useSpeech } from "@/shared/i18n/words";
import { Icon } from "@/shared/ui/icon";
import { archiveUrl, exportsQuery } from "../queries";

export function EarlierExports({ variantId }: { variantId: string }) {
  const { t } = useSpeech();
  const list = useQuery(exportsQuery(variantId));
  const files = list.data ?? [];
  const ids = files.flatMap(({ id }) => id ?? []);
  return (
    <section className="flex flex-col gap-1 border-t border-line pt-4">
      <div className="flex items-baseline justify-between gap-3">
        <h3 className="text-body font-semibold">{t.export.earlier}</h3>
        {ids.length > 1 && (
          <a href={archiveUrl(files)} download className="text-data font-medium text-accent">
            {t.export.archive(ids.length)}
          </a>
        )}
      </div>
      {list.isError && <p className="text-data text-fail">{t.export.listFailed}</p>}
      {list.data?.length === 0 && <p className="text-data text-ink-2">{t.export.none}</p>}
      <ul>
        {files.map((file) => (
          <FileRow key={file.id} file={file} />
        ))}
      </ul>
    </section>
  );
}

function FileRow({ file }: { file: Schemas["Export"] }) {
  const [now] = useState(() => Date.now());
  const { t, say } = useSpeech();
  const { data: config } = useQuery(configQuery);
  const preset = config?.export_presets.find(({ id }) => id === file.preset);
  const name = `${preset ? say(preset.name) : file.preset}${t.common.dot}${file.format.toUpperCase()}`;
  const left = file.expires_at ? Date.parse(file.expires_at) - now : 0;
  const minutes = Math.floor(left / 60_000);
  const time =
    minutes >= 60 ? t.export.hoursLeft(Math.floor(minutes / 60)) : t.export.minutesLeft(Math.max(1, minutes));
  return (
    <li className="flex min-h-9 items-center gap-3 text-data pointer-coarse:min-h-11">
      <span className="min-w-0 flex-1 truncate">{name}</span>
      <span className="shrink-0 text-caption text-ink-2">
        {[bytes(file.bytes), left > 0 ? time : t.export.expired].join(t.common.dot)}
      </span>
      {file.url && left > 0 && (
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
    </li>
  );
}
