/** Creates the selected files and downloads them. */
import { useEffect, useRef, useState } from "react";
import type { Schemas } from "@/api/client";
import { download } from "@/shared/download";
import { archiveUrl, pressExport, useExport, type FixId } from "../queries";
import type { useFileNames } from "./use-file-names";
import type { useOrder } from "./use-order";
import { useExportTranslation } from "../translation";
import { useStored } from "@/shared/hooks/use-stored";
import { useProblemText } from "@/shared/ui/call-problem";
import { useToast } from "@/shared/ui/layers/toast";

export function useFiles(
  variantId: string,
  order: ReturnType<typeof useOrder>,
  names: ReturnType<typeof useFileNames>,
  /** Saves the listing texts that the files carry. */
  keepWords: () => Promise<void>,
) {
  const [missing, setMissing] = useState(0);
  /** True if the selection was changed since the files were ordered. */
  const [isOutdated, setOutdated] = useState(false);
  const past = useExportedPresets(variantId);
  const tellFailure = useFailureToast(isOutdated);
  const make = useExport(variantId, {
    before: keepWords,
    onWait: setMissing,
    onMade: (files, presets) => {
      past.add(presets);
      const ready = files.filter(({ status }) => status === "ready");
      const url = ready.length > 1 ? archiveUrl(ready) : ready[0]?.url;
      if (url) download(url);
      if (files.some(hasFailed)) tellFailure();
    },
    onError: tellFailure,
  });

  const run = (orders: ReadonlyMap<string, readonly FixId[]>) => {
    names.keep();
    setOutdated(false);
    make.mutate({ batches: pressExport(orders), label: order.label, names: names.of(orders.keys()) });
  };

  const made = isOutdated ? [] : (make.data ?? []);
  return {
    made,
    /** Number of files that the server is still creating. */
    missing,
    isPending: make.isPending,
    error: isOutdated ? null : make.error,
    haveFailed: made.some(hasFailed),
    past: past.presets,
    /** Creates all selected files; `withFixes` also applies the available fixes. */
    make: (withFixes: boolean) => run(order.orders(withFixes)),
    makeAgain: (preset: string) => run(new Map([[preset, order.optionsOf(preset).fixes]])),
    /** Hides the result, because it no longer matches the selection. Files that are being made are still downloaded. */
    forget: () => setOutdated(true),
  };
}

export type Files = ReturnType<typeof useFiles>;

const hasFailed = ({ status }: Schemas["Export"]) => status === "failed";

/** Toast about files that could not be made, where the dialog no longer shows them. */
function useFailureToast(isOutdated: boolean): (error?: unknown) => void {
  const { t } = useExportTranslation();
  const problemText = useProblemText();
  const toast = useToast();
  const isClosed = useRef(false);
  useEffect(() => {
    isClosed.current = false;
    return () => void (isClosed.current = true);
  }, []);
  return (error) => {
    if (!isClosed.current && !isOutdated) return;
    toast(error === undefined ? t.export.someFailed : t.export.failed(problemText(error)));
  };
}

type Past = readonly (readonly [variantId: string, preset: string])[];

const MAX_STORED = 200;

const isPast = (value: unknown): value is Past =>
  Array.isArray(value) &&
  value.every(
    (entry) => Array.isArray(entry) && entry.length === 2 && entry.every((x) => typeof x === "string"),
  );

/** Presets that were ever exported from a picture, so that expired files can be made again. */
function useExportedPresets(variantId: string) {
  const [past, keep] = useStored<Past>("export.past", [], isPast);
  return {
    presets: past.flatMap(([variant, preset]) => (variant === variantId ? [preset] : [])),
    add: (presets: readonly string[]) => {
      const added = presets.map((preset) => [variantId, preset] as const);
      const isOther = ([variant, preset]: Past[number]) => variant !== variantId || !presets.includes(preset);
      keep((now) => [...now.filter(isOther), ...added].slice(-MAX_STORED));
    },
  };
}
