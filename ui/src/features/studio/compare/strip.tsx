/** Strip with all pictures of a product, for selecting those to compare. */
import { useTranslation } from "@/shared/i18n/translation";
import { Frame } from "@/shared/ui/frame";
import { useStudio } from "../hooks/use-studio";
import { numberOf } from "../turns";

/** Key of the photo among the ids of variants. */
export const PHOTO = "photo";

type StripProps = {
  keys: readonly string[];
  onToggle: (key: string) => void;
  className: string;
};

export function Strip({ keys, onToggle, className }: StripProps) {
  const { session, turns } = useStudio();
  const { t } = useTranslation();
  const choices = [
    { key: PHOTO, name: t.studio.photo, src: session.image.thumbnail_url },
    ...turns
      .flatMap((turn) => turn.variants)
      .map((other) => ({
        key: other.id,
        name: numberOf(other, turns),
        src: other.image.thumbnail_url,
      })),
  ];
  return (
    <div
      role="group"
      aria-label={t.studio.compareShown}
      className={`no-scrollbar flex min-w-0 gap-3 overflow-x-auto p-1 ${className}`}
    >
      {choices.map(({ key, name, src }) => (
        <button
          key={key}
          type="button"
          aria-label={name}
          title={name}
          aria-pressed={keys.includes(key)}
          onClick={() => onToggle(key)}
          className="frame-button shrink-0 [--ring-ground:var(--color-panel)]"
        >
          <Frame src={src} alt="" selected={keys.includes(key)} className="size-8 pointer-coarse:size-11" />
        </button>
      ))}
    </div>
  );
}
