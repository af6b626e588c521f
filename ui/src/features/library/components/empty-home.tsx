/** First screen without products: an example picture and the upload buttons. */
import { useTranslation } from "@/shared/i18n/translation";
import { PickButtons, type Pickers } from "@/shared/photos/pick-buttons";

type EmptyHomeProps = { maxMegabytes: number; pickers: Pickers };

export function EmptyHome({ maxMegabytes, pickers }: EmptyHomeProps) {
  const { t } = useTranslation();
  return (
    <section className="flex min-h-[min(676px,calc(100dvh-220px))] items-center gap-12 bg-stage px-[72px] py-12 max-md:flex-col max-md:items-stretch max-md:px-8 max-sm:min-h-0 max-sm:gap-6 max-sm:px-5 max-sm:py-6">
      <div className="flex min-w-0 flex-1 flex-col items-start">
        <h1 className="text-first font-semibold max-sm:text-[26px] max-sm:leading-9">
          <span className="sm:hidden">{t.home.titlePhone}</span>
          <span className="max-sm:hidden">{t.home.title}</span>
        </h1>
        <p className="max-w-[420px] pt-4 text-lead text-ink-2 max-sm:pt-2 max-sm:text-body">
          <span className="sm:hidden">{t.home.leadPhone}</span>
          <span className="max-sm:hidden">{t.home.lead}</span>
        </p>
        <div className="flex w-full gap-3 pt-6 max-sm:pt-5">
          <PickButtons pickers={pickers} />
        </div>
        <p className="pt-4 text-data text-ink-2">{t.home.formats(maxMegabytes)}</p>
      </div>
      <div className="flex flex-1 justify-center max-md:justify-start">
        <BeforeAfter />
      </div>
    </section>
  );
}

/** Before-and-after picture on the first screen: one mug, half the photo, half the result. */
function BeforeAfter() {
  const { t } = useTranslation();
  return (
    <figure className="w-full max-w-[472px]">
      <div
        role="img"
        aria-label={t.home.beforeAfter}
        className="relative aspect-square outline-1 outline-edge"
      >
        <img
          src="/samples/hero-after.webp"
          alt=""
          width={944}
          height={944}
          className="absolute inset-0 size-full"
        />
        <img
          src="/samples/hero-before.webp"
          alt=""
          width={944}
          height={944}
          className="absolute inset-0 size-full [clip-path:inset(0_50%_0_0)]"
        />
        <div className="absolute inset-y-0 left-1/2 -ml-[1.5px] w-[3px] border-x border-on-light/40 bg-on-dark" />
      </div>
      <figcaption className="flex justify-between gap-4 pt-1.5 text-caption text-ink-2">
        <span className="shrink-0">{t.home.before}</span>
        <span className="text-right">{t.home.after}</span>
      </figcaption>
    </figure>
  );
}
