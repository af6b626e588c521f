/** Export dialog: choose files, check them against the shops' rules, download. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Variant, Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { useExportTranslation } from "../translation";
import { CallProblem } from "@/shared/ui/call-problem";
import { Dialog } from "@/shared/ui/layers/dialog";
import { LoadProblem } from "@/shared/ui/load-problem";
import { useFiles } from "../hooks/use-files";
import { useListing } from "../hooks/use-listing";
import { useFileNames } from "../hooks/use-file-names";
import { useOrder } from "../hooks/use-order";
import { groupsOf } from "@/shared/recipe/presets";
import { previewUrl, type FixId, type LabelLanguage } from "../queries";
import { CheckList } from "./check-list";
import { EarlierExports } from "./exported-files";
import { ExportFoot } from "./export-foot";
import { ExportOptions } from "./export-options";
import { FileNameField } from "./file-name-field";
import { FilePreview } from "./file-preview";
import { ListingWords } from "./listing-words";
import { PresetList } from "./preset-list";

type ExportDialogProps = {
  variant: Variant;
  number: string;
  /** Title of the product. */
  title: string;
  platform: string | null;
  onClose: () => void;
};

export default function ExportDialog(props: ExportDialogProps) {
  const { t } = useExportTranslation();
  const config = useQuery(configQuery);
  return (
    <Dialog size="wide" title={t.export.title(props.number)} lead={t.export.lead} onClose={props.onClose}>
      {config.data ? (
        <Workplace {...props} config={config.data} />
      ) : (
        <div className="px-6 py-5 max-sm:px-4">
          <LoadProblem error={config.error} onRetry={() => void config.refetch()} />
        </div>
      )}
    </Dialog>
  );
}

function Workplace({ variant, title, platform, config }: ExportDialogProps & { config: Schemas["Config"] }) {
  const { t } = useExportTranslation();
  const groups = groupsOf(config, platform);
  const names = useFileNames(title);
  const order = useOrder(variant.id, config, platform, names.patterns);
  const [focused, setFocused] = useState(() => [...order.ticked][0] ?? groups[0]?.presets[0]?.id ?? "");
  const listing = useListing(variant);
  const files = useFiles(variant.id, order, names, listing.keep);
  const preset = config.export_presets.find(({ id }) => id === focused);
  const measured = useQuery({ ...order.measurement(focused), placeholderData: (last) => last });
  const made = files.made.filter((file) => file.preset === focused);
  const shown = made.length ? made : (measured.data ?? []);
  const stale = made.length === 0 && (order.isAhead || measured.isPending || measured.isPlaceholderData);

  const fix = (fixes: readonly FixId[]) => {
    files.forget();
    order.fix(focused, fixes);
  };
  const removeFixes = () => {
    files.forget();
    order.removeFixes(focused);
  };
  const label = (language: LabelLanguage | null) => {
    files.forget();
    order.setLabel(language);
  };
  const options = { variant, label: order.label, onLabel: label };

  return (
    <>
      <div className="grid min-h-0 flex-1 grid-cols-[280px_minmax(0,348px)_minmax(0,1fr)] max-lg:grid-cols-[250px_minmax(0,1fr)] max-lg:grid-rows-[max-content_1fr] max-lg:overflow-y-auto max-sm:block">
        <div className="no-scrollbar min-h-0 overflow-y-auto border-r border-line px-3 py-4 max-lg:row-span-2 max-lg:overflow-visible max-sm:border-r-0 max-sm:px-4 max-sm:py-3">
          <PresetList
            groups={groups}
            ticked={order.ticked}
            verdicts={order.verdicts}
            focused={focused}
            onToggle={order.toggle}
            onFocus={setFocused}
          />
        </div>
        <div className="flex min-h-0 flex-col justify-between gap-6 overflow-y-auto bg-stage p-7 text-ink-2 max-lg:overflow-visible max-sm:p-4">
          {preset && (
            <>
              <FilePreview
                preset={preset}
                variant={variant}
                files={shown}
                source={made[0]?.url ?? previewUrl(variant.id, focused, order.settledOptionsOf(focused))}
                stale={stale}
              />
              <FileNameField
                preset={preset}
                files={shown}
                title={title}
                typed={names.typed[focused]}
                onType={(name) => {
                  files.forget();
                  names.type(focused, name);
                }}
              />
            </>
          )}
        </div>
        <div className="scroll-quiet flex min-h-0 flex-col gap-6 overflow-y-auto px-6 py-4 max-lg:overflow-visible max-sm:px-4">
          {measured.isError ? (
            <CallProblem error={measured.error} />
          ) : measured.isPending ? (
            <p className="text-data text-ink-2">{t.export.measuring}</p>
          ) : (
            <CheckList
              checks={shown[0]?.checks ?? []}
              stale={stale}
              fixed={order.optionsOf(focused).fixes}
              onFix={fix}
              onUndo={removeFixes}
            />
          )}
          {!measured.isPending && (
            <>
              <ListingWords listing={listing} reader={config.reader} />
              <ExportOptions {...options} className="border-t border-line pt-4 lg:hidden" />
              <EarlierExports
                variantId={variant.id}
                past={files.past}
                busy={files.isPending}
                onRetry={files.makeAgain}
              />
            </>
          )}
        </div>
      </div>
      <ExportFoot config={config} order={order} names={names} files={files} options={options} />
    </>
  );
}
