/** From a picture to files: which ones, whether they keep the shops' rules, and the download. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { useSpeech } from "@/shared/i18n/words";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { Dialog } from "@/shared/ui/dialog";
import { download } from "@/shared/download";
import { useOrder } from "../hooks/use-order";
import { filesOf, groupsOf } from "../presets";
import { archiveUrl, measuredQuery, pressExport, useExport, type FixId } from "../queries";
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
  const order = useOrder(variant.id, config, platform);
  const [focused, setFocused] = useState(() => [...order.ticked][0] ?? groups[0]?.presets[0]?.id ?? "");
  const make = useExport(variant.id);
  const preset = config.export_presets.find(({ id }) => id === focused);
  const measured = useQuery({
    ...measuredQuery(variant.id, focused, order.fixesOf(focused)),
    placeholderData: (last) => last,
  });
  const made = make.data?.filter((file) => file.preset === focused) ?? [];
  const files = made.length ? made : (measured.data ?? []);
  const stale = made.length === 0 && (measured.isPending || measured.isPlaceholderData);
  const count = filesOf(config.export_presets, order.ticked);
  const toMend = [...order.mendable.values()].reduce((sum, fixes) => sum + fixes.length, 0);

  const run = (mended: boolean) => {
    make.mutate(pressExport(order.orders(mended)), {
      onSuccess: (exports) => {
        const url = exports.length === 1 ? exports[0]?.url : archiveUrl(exports);
        if (url) download(url);
      },
    });
  };
  const mend = (fix: FixId) => {
    // What was made before the remedy no longer shows the file that would be made now.
    make.reset();
    order.mend(focused, fix);
  };
  const words = make.isPending
    ? t.export.exporting
    : count === 0
      ? t.export.choose
      : toMend > 0
        ? t.export.fixAndExport(toMend, count)
        : t.export.button(count);

  return (
    <>
      <div className="grid min-h-0 flex-1 grid-cols-[280px_minmax(0,348px)_minmax(0,1fr)] max-lg:grid-cols-[250px_minmax(0,1fr)] max-lg:overflow-y-auto max-sm:block">
        <div className="no-scrollbar min-h-0 overflow-y-auto border-r border-line px-3 py-4 max-lg:row-span-2 max-sm:overflow-x-auto max-sm:border-r-0 max-sm:px-4 max-sm:py-3">
          <PresetList
            groups={groups}
            ticked={order.ticked}
            verdicts={order.verdicts}
            focused={focused}
            onToggle={order.toggle}
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
            <CheckTable checks={files[0]?.checks ?? []} stale={stale} onFix={mend} />
          )}
          <EarlierExports variantId={variant.id} />
        </div>
      </div>
      <footer className="flex shrink-0 items-center gap-4 border-t border-line bg-panel px-6 py-3.5 max-sm:flex-col max-sm:items-stretch max-sm:gap-2 max-sm:px-4">
        <p className="min-w-0 flex-1 text-data text-ink-2 max-sm:hidden">{t.export.provenance}</p>
        <CallProblem error={make.error} />
        {toMend > 0 && (
          <Button size="action" disabled={make.isPending} onClick={() => run(false)}>
            {t.export.anyway}
          </Button>
        )}
        <Button
          size="action"
          weight="filled"
          disabled={count === 0 || make.isPending}
          onClick={() => run(true)}
        >
          {words}
        </Button>
      </footer>
    </>
  );
}
