/** From a picture to files: which ones, whether they keep the shops' rules, and the download. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { useSpeech } from "@/shared/i18n/words";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { Dialog } from "@/shared/ui/dialog";
import { download } from "../download";
import { filesOf, groupsOf, tickedAtFirst } from "../presets";
import { measuredQuery, pressExport, useExport } from "../queries";
import { CheckTable } from "./check-table";
import { EarlierExports } from "./earlier-exports";
import { FilePreview } from "./file-preview";
import { PresetList } from "./preset-list";

type ExportDialogProps = {
  variant: Schemas["Variant"];
  number: string;
  platform: string | null;
  onClose: () => void;
};

export function ExportDialog(props: ExportDialogProps) {
  const { t } = useSpeech();
  const { data: config } = useQuery(configQuery);
  return (
    <Dialog size="wide" title={t.export.title(props.number)} lead={t.export.lead} onClose={props.onClose}>
      {config && <Workplace {...props} config={config} />}
    </Dialog>
  );
}

function Workplace({ variant, platform, config }: ExportDialogProps & { config: Schemas["Config"] }) {
  const { t } = useSpeech();
  const groups = groupsOf(config, platform);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(() => new Set(tickedAtFirst(config, platform)));
  const [focused, setFocused] = useState(
    () => tickedAtFirst(config, platform)[0] ?? groups[0]?.presets[0]?.id ?? "",
  );
  const make = useExport(variant.id);
  const preset = config.export_presets.find(({ id }) => id === focused);
  const measured = useQuery({
    ...measuredQuery(variant.id, focused),
    enabled: focused !== "",
    placeholderData: (last) => last,
  });
  const made = make.data?.exports.filter((file) => file.preset === focused) ?? [];
  const files = made.length ? made : (measured.data ?? []);
  const stale = made.length === 0 && (measured.isPending || measured.isPlaceholderData);
  const count = filesOf(config.export_presets, ticked);

  const toggle = (id: string, on: boolean) => {
    const next = new Set(ticked);
    if (on) next.add(id);
    else next.delete(id);
    setTicked(next);
  };
  const run = () => {
    make.mutate(pressExport([...ticked]), {
      onSuccess: ({ exports, archive_url }) => {
        const only = exports.length === 1 ? exports[0]?.url : archive_url;
        if (only) download(only);
      },
    });
  };

  return (
    <>
      <div className="grid min-h-0 flex-1 grid-cols-[290px_minmax(0,380px)_minmax(0,1fr)] max-lg:grid-cols-[250px_minmax(0,1fr)] max-lg:overflow-y-auto max-sm:block max-sm:overflow-y-auto">
        <div className="no-scrollbar min-h-0 overflow-y-auto border-r border-line px-3 py-4 max-lg:row-span-2 max-sm:overflow-x-auto max-sm:border-r-0 max-sm:px-4 max-sm:py-3">
          <PresetList
            variantId={variant.id}
            groups={groups}
            ticked={ticked}
            focused={focused}
            onToggle={toggle}
            onFocus={setFocused}
          />
        </div>
        <div className="min-h-0 overflow-y-auto bg-stage p-7 text-ink-2 max-sm:p-4">
          {preset && <FilePreview preset={preset} variant={variant} files={files} stale={stale} />}
        </div>
        <div className="scroll-quiet flex min-h-0 flex-col gap-6 overflow-y-auto px-6 py-4 max-sm:overflow-visible max-sm:px-4">
          {measured.isError ? (
            <CallProblem error={measured.error} />
          ) : measured.isPending ? (
            <p className="text-data text-ink-2">{t.export.measuring}</p>
          ) : (
            <CheckTable checks={files[0]?.checks ?? []} stale={stale} />
          )}
          <EarlierExports variantId={variant.id} />
        </div>
      </div>
      <footer className="flex shrink-0 items-center gap-4 border-t border-line bg-panel px-6 py-3.5 max-sm:flex-col max-sm:items-stretch max-sm:px-4">
        <p className="min-w-0 flex-1 text-data text-ink-2 max-sm:hidden">{t.export.provenance}</p>
        <CallProblem error={make.error} />
        <Button
          size="action"
          weight="filled"
          disabled={count === 0 || make.isPending}
          onClick={run}
          className="max-sm:h-12"
        >
          {make.isPending ? t.export.exporting : count === 0 ? t.export.choose : t.export.button(count)}
        </Button>
      </footer>
    </>
  );
}
