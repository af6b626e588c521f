/** Search and sort controls of the product grid. */
import { useTranslation } from "@/shared/i18n/translation";
import { SearchField } from "@/shared/ui/search-field";
import { Select } from "@/shared/ui/select";
import { orders, type Order } from "../shelf";

type ShelfToolsProps = {
  words: string;
  order: Order;
  onWords: (words: string) => void;
  onOrder: (order: Order) => void;
};

export function ShelfTools({ words, order, onWords, onOrder }: ShelfToolsProps) {
  const { t } = useTranslation();
  return (
    <div className="ml-auto flex min-w-0 gap-2.5 max-sm:ml-0 max-sm:w-full">
      <SearchField label={t.home.search} value={words} onChange={onWords} className="flex-1 sm:w-60" />
      <Select
        label={t.home.order}
        value={order}
        options={orders.map((value) => ({ value, label: t.home.orders[value] }))}
        onChange={onOrder}
      />
    </div>
  );
}
