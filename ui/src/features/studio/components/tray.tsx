/** Tray below the stage: the pictures of a turn, with a placeholder for each to come, and facts about the one shown. */
import { useEffect, useRef, type KeyboardEvent } from "react";
import type { Variant } from "@/api/client";
import type { Feed } from "@/api/feed";
import { seconds } from "@/shared/format";
import { useNames } from "@/shared/hooks/use-names";
import { useTranslation } from "@/shared/i18n/translation";
import { providerOf } from "@/shared/providers";
import { Frame } from "@/shared/ui/frame";
import { Icon } from "@/shared/ui/icon";
import { ProgressBar } from "@/shared/ui/progress-bar";
import { useFavourites } from "../hooks/use-favourites";
import { useStudio } from "../hooks/use-studio";
import { durationOf, placeOf, placesOf, stoppedTurn, type Turn } from "../turns";
import { Facts } from "./facts/facts";
import { useWorst } from "./facts/variant-marks";

type TrayProps = { turn: Turn; onCompare: () => void };

export function Tray({ turn, onCompare }: TrayProps) {
  const { t } = useTranslation();
  const { turns, selection } = useStudio();
  const { variant } = selection;
  const quiet = stoppedTurn(turns, turn) !== null;
  return (
    <section
      aria-label={t.studio.candidates}
      className="flex min-w-0 shrink-0 items-center gap-4 border-t border-line bg-chrome px-3 py-3 max-sm:flex-wrap max-sm:gap-x-3 max-sm:gap-y-2 max-sm:border-t-0 max-sm:px-2.5 max-sm:pb-2 lg:gap-6"
    >
      <Candidates turn={turn} />
      {variant ? <Facts {...{ variant, quiet, onCompare }} /> : <div className="h-11 sm:hidden" />}
    </section>
  );
}

function Candidates({ turn }: { turn: Turn }) {
  const { selection, feedOf } = useStudio();
  const { t } = useTranslation();
  const { job, variants } = turn;
  const feed = feedOf(job.id);
  const selected = selection.variant?.id;
  const list = useRef<HTMLDivElement>(null);
  const focusable = variants.find(({ id }) => id === selected) ?? variants[0];
  const places = placesOf(turn);
  const at = (place: number) => variants.find((variant) => placeOf(variant) === place);
  const next = job.status === "running" ? places.find((place) => !at(place)) : undefined;
  useEffect(() => {
    const option = list.current?.querySelector<HTMLElement>("[aria-selected=true]");
    // Sideways alone: the page must not leave the picture for its number.
    if (option) list.current?.scrollTo({ left: option.offsetLeft - option.offsetWidth });
  }, [selected]);

  const step = (event: KeyboardEvent) => {
    const now = variants.findIndex((variant) => variant === focusable);
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: variants.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const variant = variants[to];
    if (!variant) return;
    selection.pick(variant.id);
    list.current?.querySelector<HTMLElement>(`[data-slot="${variant.id}"]`)?.focus();
  };

  return (
    <div
      ref={list}
      role="listbox"
      aria-label={t.studio.candidates}
      aria-orientation="horizontal"
      tabIndex={-1}
      onKeyDown={step}
      className="no-scrollbar relative flex min-w-0 gap-4 overflow-x-auto p-1.5 max-sm:basis-full max-sm:gap-3"
    >
      {places.map((place) => {
        const variant = at(place);
        return (
          <Slot
            key={variant?.id ?? `${job.id}.${place}`}
            {...{ turn, place, variant, feed }}
            isDeveloping={place === next}
            isFocusable={variant !== undefined && variant === focusable}
          />
        );
      })}
    </div>
  );
}

type SlotProps = {
  turn: Turn;
  place: number;
  /** Undefined for a picture that is not there yet, or was not made. */
  variant: Variant | undefined;
  feed: Feed;
  /** True if it is the next picture to come. */
  isDeveloping: boolean;
  isFocusable: boolean;
};

function Slot({ turn: { job, active, number }, place, variant, feed, ...is }: SlotProps) {
  const { selection } = useStudio();
  const { t } = useTranslation();
  const names = useNames();
  const worstOf = useWorst();
  const favourites = useFavourites();
  const caption = `${number}.${place}`;
  const isSelected = variant !== undefined && variant.id === selection.variant?.id;
  // It arrived while the user looked at another picture.
  const isUnseen = variant !== undefined && selection.unseen.has(variant.id);
  const isFavourite = variant !== undefined && favourites.has(variant.id);
  const made = variant && {
    provider: variant.role === "preview" ? t.studio.preview : names.provider(providerOf(variant.model_used)),
    worst: worstOf(variant),
    state: variant.adopted ? t.studio.adopted : t.studio.notAdopted,
  };
  const took = variant ? durationOf(variant, job) : 0;
  const waits = active ? t.studio.waiting : t.studio.notMade;
  const name = [caption, made?.provider, made?.worst, made?.state ?? waits, isFavourite && t.studio.favourite]
    .filter(Boolean)
    .join(t.studio.joiner);
  return (
    // The list handles arrow keys, because it moves the focus between options.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="option"
      data-slot={variant?.id}
      aria-label={name}
      aria-selected={isSelected}
      aria-disabled={!variant}
      tabIndex={is.isFocusable ? 0 : -1}
      onClick={variant && (() => selection.pick(variant.id))}
      className={`w-[132px] shrink-0 outline-offset-4 max-lg:w-24 max-sm:w-14 xl:w-[168px] ${variant ? "cursor-pointer" : ""}`}
    >
      <div className="relative aspect-square">
        {variant || active ? (
          <Frame
            src={variant?.image.thumbnail_url ?? null}
            alt=""
            selected={isSelected}
            develops={isUnseen || isSelected}
            className="size-full"
          />
        ) : (
          <div className="grid size-full place-items-center border border-dashed border-line-strong text-data text-ink-2 max-sm:text-caption">
            <span className="max-sm:sr-only">{t.studio.notMade}</span>
          </div>
        )}
        {!variant && active && feed.matteUrl && <Silhouette url={feed.matteUrl} />}
        {is.isDeveloping && (
          <ProgressBar
            label={caption}
            percent={feed.percent}
            thin
            className="absolute inset-x-0 bottom-0 bg-transparent"
          />
        )}
      </div>
      <div
        aria-hidden="true"
        className="flex items-center gap-1.5 pt-2 text-caption text-ink-2 max-sm:hidden"
      >
        <span className={variant ? "font-semibold text-ink" : ""}>{caption}</span>
        {variant?.adopted && <Icon name="adopt" size={14} className="text-accent" />}
        {isFavourite && <Icon name="favourite" size={14} className="text-accent [&_svg]:fill-current" />}
        <span className="truncate">
          {made?.provider ?? (active && !is.isDeveloping ? t.studio.waiting : "")}
        </span>
        {isUnseen && !isSelected && <span className="size-1.5 shrink-0 rounded-full bg-accent" />}
        <span className="ml-auto shrink-0">
          {is.isDeveloping ? `${feed.percent}%` : took > 0 && seconds(took)}
        </span>
      </div>
    </div>
  );
}

/** Placeholder of a candidate that is not there yet. */
function Silhouette({ url }: { url: string }) {
  const mask = `url("${url}") center / contain no-repeat luminance`;
  return <span className="develop absolute inset-[12%] bg-line-stage opacity-60" style={{ mask }} />;
}
