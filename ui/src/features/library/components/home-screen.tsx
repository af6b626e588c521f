/** Home screen: product grid and upload. */
import { uploadBytes } from "@/api/bounds.gen";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLocation } from "wouter";
import { useConfig } from "@/shared/hooks/use-config";
import { usePlatform } from "@/shared/hooks/use-defaults";
import { useStored } from "@/shared/hooks/use-stored";
import { useTranslation } from "@/shared/i18n/translation";
import { PageBar } from "@/shared/shell/page-bar";
import { Button } from "@/shared/ui/button";
import { ErrorLine } from "@/shared/ui/call-problem";
import { UploadList } from "@/shared/photos/upload-list";
import { hasFailed } from "@/shared/photos/upload-row";
import { useSingleProduct, useOutbox } from "@/shared/photos/use-outbox";
import { usePageDrop } from "@/shared/photos/use-page-drop";
import { sessionsQuery } from "../queries";
import { SampleRow } from "./sample-row";
import { MAX_FOR_SAMPLES, placesOf } from "../shelf";
import { BatchOffer } from "./batch-offer";
import { DropVeil } from "@/shared/photos/drop-veil";
import { EmptyHome } from "./empty-home";
import { DRAFT } from "@/shared/photos/photo-store";
import { PickInputs, usePickers, PickButtons, type Pickers } from "@/shared/photos/pick-buttons";
import { Shelf } from "./shelf";
import { UploadCard } from "./upload-card";
import { Icon } from "@/shared/ui/icon";

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
  const { outbox, rows } = useOutbox(null);
  useSingleProduct(({ id }) => navigate(`/studio/${id}`));
  const [platform] = usePlatform();
  const addFiles = (files: File[], title: string | null = null) => {
    if (files.length === 0) return;
    prefetch();
    void outbox.add(files.map((file) => ({ file, title, platform, batch: null })));
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
    <div className="flex items-center gap-3">
      <ErrorLine>{t.home.listFailed}</ErrorLine>
      <Button size="small" onClick={() => void list.refetch()}>
        {t.common.retry}
      </Button>
    </div>
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
            busy={rows.some((row) => row.state !== "done" && !hasFailed(row))}
            onPick={(file, title) => addFiles([file], title)}
          />
        )}
      </main>
      <PickInputs {...pickers} onFiles={(files) => addFiles(files)} />
      {over && <DropVeil />}
    </>
  );
}

/** Upload strip above the product grid. */
function DropStrip({ pickers }: { pickers: Pickers }) {
  const { t } = useTranslation();
  return (
    <>
      <section className="flex flex-col gap-4 bg-stage p-5 sm:hidden">
        <div>
          <h2 className="text-[22px] leading-8 font-semibold">{t.home.titlePhone}</h2>
          <p className="text-body text-ink-2">{t.home.leadPhone}</p>
        </div>
        <PickButtons pickers={pickers} />
      </section>
      <section className="flex min-h-[72px] items-center gap-3 rounded-area border border-dashed border-line-strong py-3 pr-3.5 pl-5 max-sm:hidden">
        <Icon name="photo" className="text-ink-2" />
        <p className="text-lead font-semibold">{t.home.drop}</p>
        <p className="min-w-0 flex-1 truncate text-data text-ink-2">{t.home.dropSeveral}</p>
        <PickButtons compact pickers={pickers} />
      </section>
    </>
  );
}

/** Provider status in one line: this computer, and the models with a key. */
function ProviderStatus() {
  const { t, say, locale } = useTranslation();
  const config = useConfig();
  if (!config) return null;
  const ready = config.providers
    .filter(({ id, state }) => id !== "local" && state === "ready")
    .map(({ name }) => say(name));
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden="true" className="size-1.5 shrink-0 rounded-full bg-accent" />
      {ready.length ? t.home.providersReady(ready.join(locale === "zh" ? "、" : ", ")) : t.home.localOnly}
    </span>
  );
}
