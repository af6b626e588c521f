/** Finding a product among many. */
import { useSpeech } from "@/shared/i18n/words";
import { Icon } from "@/shared/ui/icon";
import { Select } from "@/shared/ui/select";
import { orders, type Order } from "../shelf";

type ShelfToolsProps = {
  words: string;
  order: Order;
  onWords: (words: string) => void;
  onOrder: (order: Order) => void;
};

export function ShelfTools({ words, order, onWords, onOrder }: ShelfToolsProps) {
  const { t } = useSpeech();
  return (
    <div className="ml-auto flex min-w-0 gap-2.5 max-sm:ml-0 max-sm:w-full">
      <label className="flex h-[34px] min-w-0 flex-1 items-center gap-2 rounded-control border border-line-strong bg-field px-2.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent sm:w-60 pointer-coarse:h-11">
        <Icon name="search" size={14} className="text-ink-2" />
        <span className="sr-only">{t.home.search}</span>
        <input
          type="search"
          value={words}
          placeholder={t.home.search}
          onChange={(event) => onWords(event.target.value)}
          className="min-w-0 flex-1 bg-transparent text-body outline-none"
        />
      </label>
      <Select
        label={t.home.order}
        value={order}
        onChange={(event) => onOrder(orders.find((each) => each === event.target.value) ?? "recent")}
      >
        {orders.map((each) => (
          <option key={each} value={each}>
            {t.home.orders[each]}
          </option>
        ))}
      </Select>
    </div>
  );
}
