/** Product grid with its heading, search and order, and the dialogs of a product. */
import { sessionChangeBounds } from "@/api/bounds.gen";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import type { Session } from "@/api/client";
import { oneOf, useStored } from "@/shared/hooks/use-stored";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { TextDialog } from "@/shared/ui/layers/text-dialog";
import { SearchField } from "@/shared/ui/search-field";
import { Select } from "@/shared/ui/select";
import { sessionsQuery, useLibraryChanges, countExports } from "../queries";
import { orders, searchProducts, sortProducts, type Order } from "../shelf";
import { ProductCard } from "./product-card";
import { FormDialog } from "@/shared/ui/layers/form-dialog";

const isOrder = oneOf(...orders);

type ShelfProps = {
  /** Number of products, of the last visit until they are loaded. */
  count: number;
  /** Why the products could not be loaded. */
  problem: ReactNode;
  /** Cards before those of the products. */
  children: ReactNode;
};

export function Shelf({ count, problem, children }: ShelfProps) {
  const { t, tag } = useTranslation();
  const list = useInfiniteQuery(sessionsQuery);
  const { rename } = useLibraryChanges();
  const [renaming, setRenaming] = useState<Session | null>(null);
  const [deleting, setDeleting] = useState<Session | null>(null);
  const [words, setWords] = useState("");
  const [order, setOrder] = useStored<Order>("library-order", "recent", isOrder);
  const sessions = list.data?.pages.flatMap((page) => page.items);
  const shown = sessions && searchProducts(sortProducts(sessions, order, tag), words);
  // Search and sorting need every page of the list.
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const wantsAll = words.trim() !== "" || order !== "recent";
  useEffect(() => {
    if (wantsAll && hasNextPage && !isFetching) void fetchNextPage();
  }, [wantsAll, hasNextPage, isFetching, fetchNextPage]);

  return (
    <section aria-label={t.common.products} className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <h1 className="flex items-baseline gap-3 text-title font-semibold">
          {t.common.products}
          {shown && !hasNextPage && <span className="text-body font-normal text-ink-2">{shown.length}</span>}
        </h1>
        {sessions && sessions.length > 1 && (
          <div className="ml-auto flex min-w-0 gap-2.5 max-sm:ml-0 max-sm:w-full">
            <SearchField label={t.home.search} value={words} onChange={setWords} className="flex-1 sm:w-60" />
            <Select
              label={t.home.order}
              value={order}
              options={orders.map((value) => ({ value, label: t.home.orders[value] }))}
              onChange={setOrder}
            />
          </div>
        )}
      </div>
      {problem}
      {!problem && shown?.length === 0 && <p className="text-ink-2">{t.home.nothingFound(words.trim())}</p>}
      <ul className="grid grid-cols-2 gap-x-3 gap-y-2 sm:gap-y-6 sm:grid-cols-3 sm:gap-x-4 md:grid-cols-4 md:gap-x-5 lg:grid-cols-5 xl:grid-cols-6">
        {children}
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
      </ul>
      {hasNextPage && !wantsAll && (
        <Button
          className="self-center"
          disabled={list.isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t.home.loadMore}
        </Button>
      )}
      {renaming && (
        <TextDialog
          title={t.home.renameTitle}
          label={t.common.name}
          value={renaming.title}
          maxLength={sessionChangeBounds.title.maxLength}
          onSave={(title) => rename.mutateAsync({ id: renaming.id, title })}
          onClose={() => setRenaming(null)}
        />
      )}
      {deleting && <DeleteDialog session={deleting} onClose={() => setDeleting(null)} />}
    </section>
  );
}

/** Confirmation before a product is deleted, with a list of everything deleted with it. */
function DeleteDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const { t } = useTranslation();
  const { remove } = useLibraryChanges();
  const count = useQuery({
    queryKey: ["export-count", session.id],
    queryFn: () => countExports(session),
    staleTime: 0,
  });
  return (
    <FormDialog
      title={t.home.deleteTitle(session.title || t.common.untitled)}
      action={t.common.remove}
      weight="danger"
      icon="remove"
      disabled={remove.isPending || count.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate(session.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className="text-body text-ink-2">
        {t.home.deleteBody(session.variants.length, count.isError ? null : (count.data ?? 0))}
      </p>
    </FormDialog>
  );
}
