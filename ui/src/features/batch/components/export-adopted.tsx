/** Files of everything that was adopted, in one archive. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { configQuery } from "@/api/queries";
import { download } from "@/shared/download";
import { useSpeech } from "@/shared/i18n/words";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { Select } from "@/shared/ui/select";
import { adoptedOf, type Item } from "../list";
import { archiveUrls, exportAll } from "../queries";

const DEFAULT_PRESET = "web-1500";

export function ExportAdopted({ items, platform }: { items: readonly Item[]; platform: string | null }) {
  const { t, say } = useSpeech();
  const { data: config } = useQuery(configQuery);
  const [picked, setPicked] = useState<string | null>(null);
  const [made, setMade] = useState(0);
  const adopted = items.flatMap((item) => adoptedOf(item)?.id ?? []);
  const home = config?.platforms.find(({ id }) => id === platform)?.default_preset;
  const preset = picked ?? home ?? DEFAULT_PRESET;
  const order = useMutation({
    mutationFn: () => exportAll(adopted, preset, setMade),
    onMutate: () => setMade(0),
    onSuccess: (files) => archiveUrls(files).forEach(download),
  });
  return (
    <footer className="flex flex-col gap-2.5 border-t border-line px-5 py-4 max-sm:px-4">
      <Select
        showLabel
        label={t.batch.exportPreset}
        className="w-full"
        value={preset}
        onChange={(event) => setPicked(event.target.value)}
      >
        {config?.export_presets.map(({ id, name }) => (
          <option key={id} value={id}>
            {say(name)}
          </option>
        ))}
      </Select>
      <Button
        size="action"
        wide
        icon="download"
        disabled={adopted.length === 0 || order.isPending}
        onClick={() => order.mutate()}
      >
        {order.isPending
          ? t.batch.exporting(made, adopted.length)
          : adopted.length
            ? t.batch.exportAdopted(adopted.length)
            : t.batch.exportNone}
      </Button>
      <CallProblem error={order.error} />
      {order.isSuccess && (
        <p className="flex flex-wrap items-center gap-x-3 text-data text-ink-2">
          {t.batch.downloaded(order.data.length)}
          {archiveUrls(order.data).map((url) => (
            <a
              key={url}
              href={url}
              download
              className="rounded-tag font-medium text-accent pointer-coarse:py-2.5"
            >
              {t.batch.downloadAgain}
            </a>
          ))}
        </p>
      )}
    </footer>
  );
}
