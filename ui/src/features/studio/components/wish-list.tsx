/** What is kept in every turn. */
import type { Schemas } from "@/api/client";
import { useSpeech } from "@/shared/i18n/words";
import { Icon } from "@/shared/ui/icon";

export function WishList({ wishes }: { wishes: readonly Schemas["Wish"][] }) {
  const { t } = useSpeech();
  if (wishes.length === 0) return null;
  return (
    <section className="border-b border-line px-5 pt-4 pb-3 max-sm:px-4">
      <h2 className="pb-1 text-body font-semibold">{t.studio.wishes}</h2>
      <ul>
        {wishes.map((wish) => (
          <li key={wish.id} className="flex items-center gap-2 border-b border-line py-2 last:border-b-0">
            {wish.locked && <Icon name="lock" size={14} className="text-ink-2" />}
            <span className="min-w-0 flex-1 break-words">{wish.text}</span>
            <span className="shrink-0 text-caption text-ink-3">
              {wish.locked ? t.studio.always : t.studio.wishTurn(wish.turn)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
