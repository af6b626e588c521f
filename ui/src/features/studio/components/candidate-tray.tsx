/** Candidates of a turn, side by side, with a placeholder for each that is not there yet. */
import { useEffect, useRef, type KeyboardEvent } from "react";
import { useTranslation } from "@/shared/i18n/translation";
import { Frame } from "@/shared/ui/frame";
import { Icon } from "@/shared/ui/icon";
import { ProgressBar } from "@/shared/ui/progress-bar";
import { useStudio } from "../hooks/use-studio";

export type Slot = {
  key: string;
  number: string;
  state: "pending" | "developing" | "ready" | "missing";
  src: string | null;
  /** URL of the product outline for placeholders. */
  silhouette: string | null;
  provider: string;
  time: string;
  percent: number;
  adopted: boolean;
  favourite: boolean;
  /** Label of the worst mark, for the accessible name. */
  worst: string | null;
  /** True if it arrived while the user looked at another picture. */
  unseen: boolean;
};

export function CandidateTray({ slots }: { slots: readonly Slot[] }) {
  const { selection } = useStudio();
  const { t } = useTranslation();
  const selected = selection.variant?.id;
  const list = useRef<HTMLDivElement>(null);
  const ready = slots.filter((slot) => slot.state === "ready");
  const focusable = ready.find((slot) => slot.key === selected)?.key ?? ready[0]?.key;
  useEffect(() => {
    const option = list.current?.querySelector<HTMLElement>("[aria-selected=true]");
    // Sideways alone: the page must not leave the picture for its number.
    if (option) list.current?.scrollTo({ left: option.offsetLeft - option.offsetWidth });
  }, [selected]);

  const step = (event: KeyboardEvent) => {
    const at = ready.findIndex((slot) => slot.key === focusable);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: ready.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = ready[to];
    if (!next) return;
    selection.pick(next.key);
    list.current?.querySelector<HTMLElement>(`[data-slot="${next.key}"]`)?.focus();
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
      {slots.map((slot) => (
        <TraySlot
          key={slot.key}
          slot={slot}
          selected={slot.key === selected}
          focusable={slot.key === focusable}
          onSelect={() => selection.pick(slot.key)}
        />
      ))}
    </div>
  );
}

type TraySlotProps = { slot: Slot; selected: boolean; focusable: boolean; onSelect: () => void };

function TraySlot({ slot, selected, focusable, onSelect }: TraySlotProps) {
  const { t } = useTranslation();
  const ready = slot.state === "ready";
  const state = ready
    ? slot.adopted
      ? t.studio.adopted
      : t.studio.notAdopted
    : t.studio[slot.state === "missing" ? "notMade" : "waiting"];
  const name = [slot.number, slot.provider, slot.worst, state, slot.favourite && t.studio.favourite]
    .filter(Boolean)
    .join(t.studio.joiner);
  return (
    // The list handles arrow keys, because it moves the focus between options.
    // eslint-disable-next-line jsx-a11y-x/click-events-have-key-events
    <div
      role="option"
      data-slot={slot.key}
      aria-label={name}
      aria-selected={selected}
      aria-disabled={!ready}
      tabIndex={focusable ? 0 : -1}
      onClick={ready ? onSelect : undefined}
      className={`w-[132px] shrink-0 outline-offset-4 max-lg:w-24 max-sm:w-14 xl:w-[168px] ${ready ? "cursor-pointer" : ""}`}
    >
      <div className="relative aspect-square">
        {slot.state === "missing" ? (
          <div className="grid size-full place-items-center border border-dashed border-line-strong text-data text-ink-2 max-sm:text-caption">
            <span className="max-sm:sr-only">{t.studio.notMade}</span>
          </div>
        ) : (
          <Frame
            src={slot.src}
            alt=""
            selected={selected}
            develops={slot.unseen || selected}
            className="size-full"
          />
        )}
        {!ready && slot.silhouette && <Silhouette url={slot.silhouette} />}
        {slot.state === "developing" && (
          <ProgressBar
            label={slot.number}
            percent={slot.percent}
            thin
            className="absolute inset-x-0 bottom-0 bg-transparent"
          />
        )}
      </div>
      <div
        aria-hidden="true"
        className="flex items-center gap-1.5 pt-2 text-caption text-ink-2 max-sm:hidden"
      >
        <span className={ready ? "font-semibold text-ink" : ""}>{slot.number}</span>
        {slot.adopted && <Icon name="adopt" size={14} className="text-accent" />}
        {slot.favourite && <Icon name="favourite" size={14} className="text-accent [&_svg]:fill-current" />}
        <span className="truncate">
          {ready ? slot.provider : slot.state === "pending" ? t.studio.waiting : ""}
        </span>
        {slot.unseen && !selected && <span className="size-1.5 shrink-0 rounded-full bg-accent" />}
        <span className="ml-auto shrink-0">
          {slot.state === "developing" ? `${slot.percent}%` : slot.time}
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
