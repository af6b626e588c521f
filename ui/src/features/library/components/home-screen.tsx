/** Home screen: product grid and upload. */
import { sessionChangeBounds, uploadBytes } from "@/api/bounds.gen";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import type { Session } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { usePlatform } from "@/shared/hooks/use-defaults";
import { oneOf, useStored } from "@/shared/hooks/use-stored";
import { useTranslation } from "@/shared/i18n/translation";
import { PageBar } from "@/shared/shell/page-bar";
import { Button } from "@/shared/ui/button";
import { useProblemText } from "@/shared/ui/call-problem";
import { TextDialog } from "@/shared/ui/layers/text-dialog";
import { useToast } from "@/shared/ui/layers/toast";
import { UploadList } from "@/shared/photos/upload-list";
import { useSingleProduct, useOutbox } from "@/shared/photos/use-outbox";
import { usePageDrop } from "@/shared/photos/use-page-drop";
import { sessionsQuery, useLibraryChanges } from "../queries";
import { sampleFile, type Sample } from "../samples";
import { MAX_FOR_SAMPLES, orders, placesOf, searchProducts, sortProducts, type Order } from "../shelf";
import { BatchOffer } from "./batch-offer";
import { DeleteDialog } from "./delete-dialog";
import { DropStrip } from "./drop-strip";
import { DropVeil } from "@/shared/photos/drop-veil";
import { EmptyHome } from "./empty-home";
import { DRAFT } from "@/shared/photos/photo-store";
import { PickInputs, usePickers } from "@/shared/photos/pick-buttons";
import { ProductCard } from "./product-card";
import { ProviderStatus } from "./provider-status";
import { SampleRow } from "./sample-row";
import { Shelf } from "./shelf";
import { ShelfTools } from "./shelf-tools";
import { UploadCard } from "./upload-card";

const isOrder = oneOf(...orders);
const isCount = (value: unknown): value is number | null => value === null || typeof value === "number";

type HomeScreenProps = {
  /** Called when an upload starts, to load the studio's code early. */
  prefetch: () => void;
};

export function HomeScreen({ prefetch }: HomeScreenProps) {
  const { t, tag } = useTranslation();
  const [, navigate] = useLocation();
  const config = useConfig();
  const list = useInfiniteQuery(sessionsQuery);
  const { rename } = useLibraryChanges();
  const [lastCount, setLastCount] = useStored<number | null>("library-count", null, isCount);
  const [renaming, setRenaming] = useState<Session | null>(null);
  const [deleting, setDeleting] = useState<Session | null>(null);
  const sample = useMutation({ mutationFn: sampleFile });
  const toast = useToast();
  const problemText = useProblemText();

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
  const saveName = (named: { id: string; title: string }) =>
    rename.mutate(named, {
      onError: (error) => toast(problemText(error), { label: t.common.retry, act: () => saveName(named) }),
    });
  const over = usePageDrop(({ files, folder }) => {
    if (folder === null) addFiles(files);
    else {
      void outbox.add(files.map((file) => ({ file, title: null, platform: null, batch: DRAFT })));
      navigate("/batches/new");
    }
  });
  const pickers = usePickers();

  const [words, setWords] = useState("");
  const [order, setOrder] = useStored<Order>("library-order", "recent", isOrder);
  const sessions = list.data?.pages.flatMap((page) => page.items);
  if (sessions && sessions.length !== lastCount) setLastCount(sessions.length);
  const shown = sessions && searchProducts(sortProducts(sessions, order, tag), words);
  // Search and sorting need every page of the list.
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const wantsAll = words.trim() !== "" || order !== "recent";
  useEffect(() => {
    if (wantsAll && hasNextPage && !isFetching) void fetchNextPage();
  }, [wantsAll, hasNextPage, isFetching, fetchNextPage]);
  const maxMegabytes = Math.round((config?.limits.max_upload_bytes ?? uploadBytes) / 1024 ** 2);
  // Without a remembered count, wait for the list before a layout is chosen. Otherwise the page could switch layouts
  // after loading.
  const count = sessions?.length ?? lastCount ?? (list.isError ? 0 : null);
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
          <Shelf
            count={shown && !list.hasNextPage ? shown.length : null}
            tools={
              sessions &&
              sessions.length > 1 && (
                <ShelfTools words={words} order={order} onWords={setWords} onOrder={setOrder} />
              )
            }
            note={
              problem ||
              (shown?.length === 0 && <p className="text-ink-2">{t.home.nothingFound(words.trim())}</p>)
            }
            more={
              list.hasNextPage &&
              !wantsAll && (
                <Button
                  className="self-center"
                  disabled={list.isFetchingNextPage}
                  onClick={() => void list.fetchNextPage()}
                >
                  {t.home.loadMore}
                </Button>
              )
            }
          >
            {cards.map((row) => (
              <UploadCard key={row.id} row={row} onCancel={() => outbox.cancel(row.id)} />
            ))}
            {shown
              ? shown.map((session) => (
                  <ProductCard
                    key={session.id}
                    session={session}
                    onRename={() => setRenaming(session)}
                    onDelete={() => setDeleting(session)}
                  />
                ))
              : Array.from({ length: list.isError ? 0 : count }, (_, index) => (
                  <li key={index} aria-hidden="true">
                    <div className="aspect-square bg-stage" />
                    <div className="h-[50px]" />
                  </li>
                ))}
          </Shelf>
        )}
        {count !== null && (
          <SampleRow
            onlyOnPhones={!empty && (sessions?.length ?? count) >= MAX_FOR_SAMPLES}
            busy={sample.isPending}
            error={sample.error}
            onPick={addSample}
          />
        )}
      </main>
      <PickInputs {...pickers} onFiles={addFiles} />
      {over && <DropVeil />}
      {renaming && (
        <TextDialog
          title={t.home.renameTitle}
          label={t.common.name}
          value={renaming.title}
          maxLength={sessionChangeBounds.title.maxLength}
          onSave={(title) => saveName({ id: renaming.id, title })}
          onClose={() => setRenaming(null)}
        />
      )}
      {deleting && <DeleteDialog session={deleting} onClose={() => setDeleting(null)} />}
    </>
  );
}
