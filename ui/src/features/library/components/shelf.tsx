/** Product grid with its heading. The caller provides the cards. */
import type { ReactNode } from "react";
import { useTranslation } from "@/shared/i18n/translation";

type ShelfProps = {
  /** Null until it is loaded. */
  count: number | null;
  tools: ReactNode;
  note?: ReactNode;
  more?: ReactNode;
  children: ReactNode;
};

export function Shelf({ count, tools, note, more, children }: ShelfProps) {
  const { t } = useTranslation();
  return (
    <section aria-label={t.common.products} className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <h1 className="flex items-baseline gap-3 text-title font-semibold">
          {t.common.products}
          {count !== null && <span className="text-body font-normal text-ink-2">{count}</span>}
        </h1>
        {tools}
      </div>
      {note}
      <ul className="grid grid-cols-2 gap-x-3 gap-y-2 sm:gap-y-6 sm:grid-cols-3 sm:gap-x-4 md:grid-cols-4 md:gap-x-5 lg:grid-cols-5 xl:grid-cols-6">
        {children}
      </ul>
      {more}
    </section>
  );
}
