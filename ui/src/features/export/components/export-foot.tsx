/** Export options and the buttons that make the files. */
import type { ComponentProps } from "react";
import type { Schemas } from "@/api/client";
import { useStoredIds } from "@/shared/hooks/use-stored";
import { useExportTranslation } from "../translation";
import { Button } from "@/shared/ui/button";
import { CallProblem, ErrorLine } from "@/shared/ui/call-problem";
import { Checkbox } from "@/shared/ui/checkbox";
import { Icon } from "@/shared/ui/icon";
import { isUnverified } from "@/shared/verified";
import type { Files } from "../hooks/use-files";
import type { useFileNames } from "../hooks/use-file-names";
import type { useOrder } from "../hooks/use-order";
import { filesOf } from "@/shared/recipe/presets";
import { ExportOptions } from "./export-options";

/** Unverified pictures that a browser remembers as compared with their photos, so that each is asked about once. */
const MAX_COMPARED = 200;

type ExportFootProps = {
  config: Schemas["Config"];
  order: ReturnType<typeof useOrder>;
  names: ReturnType<typeof useFileNames>;
  files: Files;
  options: ComponentProps<typeof ExportOptions>;
};

export function ExportFoot({ config, order, names, files, options }: ExportFootProps) {
  const { t } = useExportTranslation();
  const compared = useStoredIds("export.looked", MAX_COMPARED);
  const looked = compared.has(options.variant.id);
  const count = filesOf(config.export_presets, order.ticked);
  const fixCount = [...order.fixable.values()].reduce((sum, fixes) => sum + fixes.length, 0);
  const mustLook = fixCount > 0 && isUnverified(options.variant.measures);
  const done = files.isPending ? 0 : files.made.filter(({ status }) => status === "ready").length;
  const hasNotes = mustLook || files.haveFailed || files.error !== null;
  const ready = count > 0 && !files.isPending && names.areUsable(order.ticked);
  const words = files.isPending
    ? files.missing > 0
      ? t.export.late(files.missing)
      : t.export.exporting
    : count === 0
      ? t.export.choose
      : fixCount > 0
        ? t.export.fixAndExport(fixCount, count)
        : t.export.button(count);
  return (
    <footer className="flex shrink-0 items-center gap-4 border-t border-line bg-panel px-6 py-3 max-lg:flex-col max-lg:items-stretch max-lg:gap-2 max-sm:px-4">
      <div className={`flex min-w-0 flex-1 flex-col gap-1.5 ${hasNotes ? "" : "max-lg:hidden"}`}>
        <ExportOptions {...options} className="max-lg:hidden" />
        {mustLook && (
          <Checkbox
            checked={looked}
            onChange={(on) => compared.set(options.variant.id, on)}
            className="text-body text-warn"
          >
            {t.export.looked}
          </Checkbox>
        )}
        <CallProblem error={files.error} />
        {files.haveFailed && <ErrorLine>{t.export.someFailed}</ErrorLine>}
      </div>
      <div className="flex shrink-0 items-center gap-3 max-sm:flex-col max-sm:items-stretch max-sm:gap-2 max-lg:justify-end">
        <p role="status" className={done > 0 ? "flex items-center gap-2 text-body font-medium" : "sr-only"}>
          {done > 0 && <Icon name="adopt" size={14} className="text-accent" />}
          {files.isPending ? words : done > 0 ? t.export.done(done) : ""}
        </p>
        {fixCount > 0 && (
          <Button size="action" disabled={!ready} onClick={() => files.make(false)}>
            {t.export.anyway}
          </Button>
        )}
        <Button
          size="action"
          weight="filled"
          disabled={!ready || (mustLook && !looked)}
          onClick={() => files.make(true)}
        >
          {words}
        </Button>
      </div>
    </footer>
  );
}
