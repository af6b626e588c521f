/** Grid cell of a batch: a photo and the picture made from it. */
import { memo } from "react";
import { Frame } from "@/shared/ui/frame";
import { Icon } from "@/shared/ui/icon";
import { useItemWords } from "../hooks/use-item-words";
import { nameOf } from "../items";
import type { Item } from "../queries";
import { useBatchTranslation } from "../translation";

type ItemCardProps = {
  item: Item;
  number: number;
  selected: boolean;
  focusable: boolean;
  onSelect: (id: string) => void;
};

const tones = { plain: "text-ink-2", good: "text-accent", warn: "text-warn", fail: "text-fail" };

export const ItemCard = memo(
  function ItemCard({ item, number, selected, focusable, onSelect }: ItemCardProps) {
    const { t } = useBatchTranslation();
    const { text, tone } = useItemWords()(item);
    const name = nameOf(item) ?? t.batch.photo(number);
    return (
      // The screen handles arrow keys, because it moves the selection between options.
      <div
        role="option"
        data-item={item.id}
        aria-selected={selected}
        aria-label={[name, text].join(t.studio.joiner)}
        tabIndex={focusable ? 0 : -1}
        onClick={() => onSelect(item.id)}
        onKeyDown={(event) => {
          if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            onSelect(item.id);
          }
        }}
        className="min-w-0 cursor-pointer [contain-intrinsic-size:auto_160px] [content-visibility:auto]"
      >
        <div className={`m-1 grid grid-cols-2 gap-0.5 ${selected ? "ring-selected" : ""}`}>
          <Frame src={item.photo_thumbnail_url} alt="" className="aspect-square" />
          {item.thumbnail_url ? (
            <Frame
              key={item.thumbnail_url}
              develops
              src={item.thumbnail_url}
              alt=""
              className="aspect-square"
            />
          ) : (
            <span
              className={`grid aspect-square place-content-center text-center text-data ${item.status === "failed" ? "bg-fail-soft text-fail" : "bg-stage text-ink-2"}`}
            >
              {item.status === "failed" ? <Icon name="stop" size={22} /> : t.batch.itemStatuses[item.status]}
            </span>
          )}
        </div>
        <p className="truncate px-1 pt-1.5 text-body font-medium">{name}</p>
        <p className={`flex items-start gap-1 px-1 text-data ${tones[tone]}`}>
          {tone === "warn" && <Icon name="warning" size={14} className="mt-0.5" />}
          {tone === "good" && <Icon name="adopt" size={14} className="mt-0.5" />}
          <span className="line-clamp-2">{text}</span>
        </p>
      </div>
    );
  },
  (before, now) =>
    before.item === now.item &&
    before.number === now.number &&
    before.selected === now.selected &&
    before.focusable === now.focusable,
);
