/** Home screen: product grid and upload. */
import { uploadBytes } from "@/api/bounds.gen";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLocation } from "wouter";
import { useConfig } from "@/shared/hooks/use-config";
import { usePlatform } from "@/shared/hooks/use-defaults";
import { useStored } from "@/shared/hooks/use-stored";
import { useTranslation } from "@/shared/i18n/translation";
import { PageBar } from "@/shared/shell/page-bar";
import { Button } from "@/shared/ui/button";
import { UploadList } from "@/shared/photos/upload-list";
import { useSingleProduct, useOutbox } from "@/shared/photos/use-outbox";
import { usePageDrop } from "@/shared/photos/use-page-drop";
import { sessionsQuery } from "../queries";
import { sampleFile, type Sample } from "../samples";
import { MAX_FOR_SAMPLES, placesOf } from "../shelf";
import { BatchOffer } from "./batch-offer";
import { DropStrip } from "./drop-strip";
import { DropVeil } from "@/shared/photos/drop-veil";
import { EmptyHome } from "./empty-home";
import { DRAFT } from "@/shared/photos/photo-store";
import { PickInputs, usePickers } from "@/shared/photos/pick-buttons";
import { ProviderStatus } from "./provider-status";
import { SampleRow } from "./sample-row";
import { Shelf } from "./shelf";
import { UploadCard } from "./upload-card";

const isCount = (value: unknown): value is number | null => value === null || typeof value === "number";

type HomeScreenProps = {
  /** Called when an upload starts, to load the studio's code early. */
  prefetch: () => void;
};

export function HomeScreen({ prefetch }: HomeScreenProps) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const config = useConfig();
  const list = useInfiniteQuery(sessionsQuery);
  const [lastCount, setLastCount] = useStored<number | null>("library-count", null, isCount);
  const sample = useMutation({ mutationFn: sampleFile });

  const { outbox, rows } = useOutbox(null);
  useSingleProduct(({ id }) => navigate(`/studio/${id}`));
  const [platform] = usePlatform();
  const addFiles = (files: File[]) => {
    if (files.length === 0) return;
    prefetch();
    void outbox.add(files.map((file) => ({ file, title: null, platform, batch: null })));
  };
  const addSample = (name: Sample) => {
    prefetch();
    sample.mutate(name, {
      onSuccess: (file) =>
        void outbox.add([
          { file, title: t.home.sampleTitles[name] ?? t.home.samples[name], platform, batch: null },
        ]),
    });
  };
  const over = usePageDrop(({ files, folder }) => {
    if (folder === null) addFiles(files);
    else {
      void outbox.add(files.map((file) => ({ file, title: null, platform: null, batch: DRAFT })));
      navigate("/batches/new");
    }
  });
  const pickers = usePickers();

  const loaded = list.data?.pages.flatMap((page) => page.items).length;
  useEffect(() => {
    if (loaded !== undefined) setLastCount(loaded);
  }, [loaded, setLastCount]);
  const maxMegabytes = Math.round((config?.limits.max_upload_bytes ?? uploadBytes) / 1024 ** 2);
  // Without a remembered count, wait for the list before a layout is chosen. Otherwise the page could switch layouts
  // after loading.
  const count = loaded ?? lastCount ?? (list.isError ? 0 : null);
  const { cards, listed } = placesOf(rows, count ?? 0);
  const empty = count === 0 && cards.length === 0;
  const problem = list.isError && (
    <p role="alert" className="flex items-center gap-3 text-data text-fail">
      {t.home.listFailed}
      <Button size="small" onClick={() => void list.refetch()}>
        {t.common.retry}
      </Button>
    </p>
  );

  return (
    <>
      <PageBar status={<ProviderStatus />} />
      <main
        id="content"
        className="mx-auto flex w-full max-w-[2240px] flex-col gap-6 px-4 py-7 sm:px-6 lg:px-8 xl:px-10 max-sm:gap-5 max-sm:py-2"
      >
        {empty && <EmptyHome maxMegabytes={maxMegabytes} pickers={pickers} />}
        {count !== null && !empty && <DropStrip pickers={pickers} />}
        <UploadList rows={listed} outbox={outbox} />
        <BatchOffer
          rows={rows}
          onBatch={(products) => {
            outbox.clearDone();
            outbox.addProducts(products);
            navigate("/batches/new");
          }}
          onDismiss={() => outbox.clearDone()}
        />
        {empty && problem}
        {count !== null && !empty && (
          <Shelf count={count} problem={problem}>
            {cards.map((row) => (
              <UploadCard key={row.id} row={row} onCancel={() => outbox.cancel(row.id)} />
            ))}
          </Shelf>
        )}
        {count !== null && (
          <SampleRow
            onlyOnPhones={!empty && count >= MAX_FOR_SAMPLES}
            busy={sample.isPending}
            error={sample.error}
            onPick={addSample}
          />
        )}
      </main>
      <PickInputs {...pickers} onFiles={addFiles} />
      {over && <DropVeil />}
    </>
  );
}
