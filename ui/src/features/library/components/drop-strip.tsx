/** Upload strip above the product grid. */
import { useTranslation } from "@/shared/i18n/translation";
import { Icon } from "@/shared/ui/icon";
import { PickButtons, type Pickers } from "@/shared/photos/pick-buttons";

export function DropStrip({ pickers }: { pickers: Pickers }) {
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
