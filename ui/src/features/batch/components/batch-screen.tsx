/** Many photos, one recipe: the list before the start, and the pairs as they come. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, type ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { usePhone } from "@/shared/hooks/use-media";
import { useSpeech } from "@/shared/i18n/words";
import { photosAmong } from "@/shared/photos/dropped-files";
import { DropVeil } from "@/shared/photos/drop-veil";
import { PickInputs, usePickers } from "@/shared/photos/pick-buttons";
import { usePageDrop } from "@/shared/photos/use-page-drop";
import { PageBar } from "@/shared/shell/page-bar";
import { useToast } from "@/shared/ui/toast";
import { beginBatch, useBatch } from "../hooks/use-batch";
import type { Look } from "../hooks/use-item-words";
import { Draft } from "./draft";
import { Working } from "./working";

const DEFAULT_MAX_BYTES = 30 * 1024 * 1024;

/** What another screen hands over. */
export type Handover = {
  files: readonly File[];
  products: readonly Schemas["Session"][];
  title: string | null;
};

export type BatchScreenProps = {
  handover: Handover | null;
  /** The handover is in the list now. */
  onTaken: () => void;
  /** Marks are the studio's; the app hands them in. */
  lookOf: Look;
  renderMarks: (variant: Schemas["Variant"]) => ReactNode;
};

export function BatchScreen({ handover, onTaken, lookOf, renderMarks }: BatchScreenProps) {
  const { t } = useSpeech();
  const phone = usePhone();
  const { data: config } = useQuery(configQuery);
  const { run, now } = useBatch();
  const toast = useToast();
  const pickers = usePickers();
  const folder = useRef<HTMLInputElement>(null);
  const maxBytes = config?.limits.max_upload_bytes ?? DEFAULT_MAX_BYTES;
  const add = async (files: readonly File[], title: string | null) => {
    await beginBatch();
    if (run.snapshot().elsewhere) toast(t.batch.elsewhere);
    if (title && run.snapshot().items.length === 0) run.rename(title);
    await run.add(files, maxBytes);
  };
  const over = usePageDrop(({ files, folder: name }) => void add(files, name));
  useTaken(handover, onTaken, async ({ files, products, title }) => {
    await add(files, title);
    run.addProducts(products);
  });
  useEffect(() => {
    document.title = `${t.batch.title} · Stillroom`;
    return () => {
      document.title = "Stillroom";
    };
  }, [t]);

  return (
    <div className="flex min-h-dvh flex-col md:h-[calc(100dvh-var(--lines,0px))]">
      <PageBar />
      {now.loaded && (
        <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] content-start md:grid-cols-[minmax(0,1fr)_340px] md:content-stretch xl:grid-cols-[minmax(0,1fr)_440px]">
          {/* Whatever is pressed here would be written over by the tab that works through the list. */}
          <fieldset disabled={now.elsewhere} className="contents">
            {now.batch.started ? (
              <Working
                run={run}
                now={now}
                phone={phone}
                lookOf={lookOf}
                renderMarks={renderMarks}
                onAdd={() => pickers.files.current?.click()}
              />
            ) : (
              <Draft
                run={run}
                now={now}
                pickers={pickers}
                lookOf={lookOf}
                onFolder={() => folder.current?.click()}
              />
            )}
          </fieldset>
        </div>
      )}
      <PickInputs {...pickers} onFiles={(files) => void add(files, null)} />
      <input
        ref={(element) => {
          folder.current = element;
          // React knows no such property.
          element?.setAttribute("webkitdirectory", "");
        }}
        type="file"
        hidden
        data-testid="folder-picker"
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = "";
          void add(photosAmong(files), files[0]?.webkitRelativePath.split("/")[0] ?? null);
        }}
      />
      {over && <DropVeil />}
    </div>
  );
}

/** Takes a handover once, however often the screen is drawn. */
function useTaken(
  handover: Handover | null,
  onTaken: () => void,
  take: (handover: Handover) => Promise<void>,
) {
  const taken = useRef<Handover | null>(null);
  useEffect(() => {
    if (!handover || taken.current === handover) return;
    taken.current = handover;
    onTaken();
    void take(handover);
  });
}
