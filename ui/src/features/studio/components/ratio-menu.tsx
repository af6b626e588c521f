/** Aspect ratio of the picture on the stage. A new ratio is a turn of its own. */
import { useId, useRef, type ToggleEvent } from "react";
import type { Schemas } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { Icon } from "@/shared/ui/icon";
import { moveInMenu } from "@/shared/ui/layers/menu-keys";
import { press } from "../hooks/use-runs";
import { useStudio } from "../hooks/use-studio";
import { isPainted } from "../placing/placing";

type Aspect = Schemas["Framing"]["aspect"];

const GAP_PX = 8;

/** Nothing while the photo is on the stage, or a picture whose model chooses the ratio. */
export function RatioMenu() {
  const { turns, selection, runs } = useStudio();
  const { variant } = selection;
  const { arrange } = runs;
  const { t } = useTranslation();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const { ratios } = t.studio.frame;
  const aspects = Object.keys(ratios) as Aspect[];
  if (!variant || isPainted(variant.measures)) return null;
  const now = variant.plan.framing.aspect;
  // While the last manual change is being sent or made.
  const isBusy = arrange.isPending || turns.some(({ job, active }) => active && job.id === arrange.data?.id);
  const choose = (aspect: Aspect) => {
    // Before the choice disables its item: a popover gives the focus back only if it still has it.
    list.current?.hidePopover();
    if (aspect === now) return;
    arrange.mutate(press({ base: variant, changes: { framing: { aspect } } }), {
      onSuccess: ({ id }) => selection.begin(id),
    });
  };

  /** Opens above or below the button, where there is more room. A popover is not clipped by scrolling containers. */
  const place = ({ newState }: ToggleEvent) => {
    if (newState !== "open" || !button.current || !list.current) return;
    const { left, top, bottom } = button.current.getBoundingClientRect();
    const isAbove = top > window.innerHeight - bottom;
    const room = isAbove ? top : window.innerHeight - bottom;
    const edge = `${window.innerHeight - room + GAP_PX}px`;
    Object.assign(list.current.style, {
      left: `${Math.max(GAP_PX, left)}px`,
      top: isAbove ? "auto" : edge,
      bottom: isAbove ? edge : "auto",
      maxHeight: `${room - 2 * GAP_PX}px`,
    });
    window.addEventListener("scroll", () => list.current?.hidePopover(), { once: true });
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-haspopup="menu"
        aria-label={t.studio.frame.now(ratios[now])}
        title={t.studio.frame.now(ratios[now])}
        className="flex h-9 min-w-9 shrink-0 items-center justify-center gap-1 rounded-control px-1.5 text-data font-semibold hover:bg-hover hover:text-ink pointer-coarse:h-11 pointer-coarse:min-w-11"
      >
        <Outline aspect={now} />
        {now === "photo" ? t.studio.frame.photo : now}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={t.studio.frame.menu}
        onBeforeToggle={place}
        onToggle={({ newState }) => {
          if (newState === "open")
            list.current?.querySelector<HTMLElement>("[aria-checked=true]")?.focus({ preventScroll: true });
        }}
        onKeyDown={(event) => {
          if (event.key === "Tab") list.current?.hidePopover();
          moveInMenu(event, list.current);
        }}
        className="fixed inset-auto m-0 min-w-48 overflow-y-auto rounded-control border border-line bg-panel py-1 text-ink shadow-menu"
      >
        {aspects.map((aspect) => (
          <button
            key={aspect}
            type="button"
            role="menuitemradio"
            aria-checked={aspect === now}
            disabled={isBusy}
            onClick={() => choose(aspect)}
            className="flex h-9 w-full items-center gap-2.5 px-3 text-left text-body hover:bg-hover focus-visible:bg-hover disabled:text-ink-3 aria-checked:font-semibold pointer-coarse:h-11"
          >
            <Outline aspect={aspect} />
            {ratios[aspect]}
            {aspect === now && <Icon name="adopt" size={14} className="ml-auto" />}
          </button>
        ))}
      </div>
    </>
  );
}

/** Icon of an aspect ratio; a photo icon for the picture's own ratio. */
function Outline({ aspect }: { aspect: Aspect }) {
  if (aspect === "photo") return <Icon name="images" size={14} />;
  const [width = 1, height = 1] = aspect.split(":").map(Number);
  const style = { aspectRatio: `${width} / ${height}`, [width > height ? "width" : "height"]: "100%" };
  return (
    <span aria-hidden="true" className="grid size-3.5 shrink-0 place-items-center">
      <span className="rounded-[1px] border-[1.5px] border-current" style={style} />
    </span>
  );
}
