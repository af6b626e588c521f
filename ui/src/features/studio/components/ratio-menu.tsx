/** Aspect ratio of the picture on the stage. A new ratio is a turn of its own. */
import type { Schemas } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { Icon } from "@/shared/ui/icon";
import { menuItem, useMenu } from "@/shared/ui/layers/menu";
import { press } from "../hooks/use-runs";
import { useStudio } from "../hooks/use-studio";
import { isPainted } from "../placing/placing";

type Aspect = Schemas["Framing"]["aspect"];

/** Nothing while the photo is on the stage, or a picture whose model chooses the ratio. */
export function RatioMenu() {
  const { turns, selection, runs } = useStudio();
  const { variant } = selection;
  const { arrange } = runs;
  const { t } = useTranslation();
  const { close, buttonProps, listProps } = useMenu(t.studio.frame.menu);
  const { ratios } = t.studio.frame;
  const aspects = Object.keys(ratios) as Aspect[];
  if (!variant || isPainted(variant.measures)) return null;
  const now = variant.plan.framing.aspect;
  // While the last manual change is being sent or made.
  const isBusy = arrange.isPending || turns.some(({ job, active }) => active && job.id === arrange.data?.id);
  const choose = (aspect: Aspect) => {
    // Before the choice disables its item: a popover gives the focus back only if it still has it.
    close();
    if (aspect === now) return;
    arrange.mutate(press({ base: variant, changes: { framing: { aspect } } }), {
      onSuccess: ({ id }) => selection.begin(id),
    });
  };
  return (
    <>
      <button
        {...buttonProps}
        type="button"
        aria-label={t.studio.frame.now(ratios[now])}
        title={t.studio.frame.now(ratios[now])}
        className="flex h-9 min-w-9 shrink-0 items-center justify-center gap-1 rounded-control px-1.5 text-data font-semibold hover:bg-hover hover:text-ink max-sm:ml-1.5 pointer-coarse:h-11 pointer-coarse:min-w-11"
      >
        <Outline aspect={now} />
        {now === "photo" ? t.studio.frame.photo : now}
      </button>
      <div {...listProps}>
        {aspects.map((aspect) => (
          <button
            key={aspect}
            type="button"
            role="menuitemradio"
            aria-checked={aspect === now}
            disabled={isBusy}
            onClick={() => choose(aspect)}
            className={`${menuItem} disabled:text-ink-3 aria-checked:font-semibold`}
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
