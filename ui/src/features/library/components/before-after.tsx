/** Before-and-after picture on the first screen: one mug, half the photo, half the result. */
import { useTranslation } from "@/shared/i18n/translation";

export function BeforeAfter() {
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
