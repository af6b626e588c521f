/** Version rail of large screens: turns from top to bottom, each with its chosen picture and the siblings. */
import { useEffect, useRef } from "react";
import type { Variant } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { useRovingFocus } from "@/shared/hooks/use-roving-focus";
import { IconButton } from "@/shared/ui/button";
import { Frame } from "@/shared/ui/frame";
import { Icon } from "@/shared/ui/icon";
import { useStudio } from "../../hooks/use-studio";
import { chosenOf, numberOf, turnOf } from "../../turns";

/** Null stands for the photo. */
type Shown = Variant | null;

/** `onTree` opens the whole tree. */
export function Versions({ onTree }: { onTree: () => void }) {
  const { session, turns, selection } = useStudio();
  const { t } = useTranslation();
  const rail = useRef<HTMLElement>(null);
  const roving = useRovingFocus();
  const selected = selection.variant?.id;
  useEffect(() => {
    rail.current?.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  const numbered = (shown: Shown) => (shown ? numberOf(shown, turns) : t.studio.photo);
  const button = (shown: Shown, size: string) => (
    <button
      key={shown?.id}
      type="button"
      aria-label={numbered(shown)}
      aria-current={shown?.id === selected ? "true" : undefined}
      onClick={() => selection.pick(shown?.id ?? null)}
      className="frame-button block scroll-my-7 self-start"
    >
      <Frame
        src={(shown ?? session).image.thumbnail_url}
        alt=""
        selected={shown?.id === selected}
        className={size}
      />
    </button>
  );
  const chosen = turns.flatMap(
    (turn) => turn.variants.find(({ id }) => id === selected) ?? chosenOf(turn) ?? [],
  );
  return (
    <nav
      ref={rail}
      aria-label={t.studio.versions}
      className="scroll-quiet hidden min-h-0 overflow-y-auto border-r border-line px-[15px] py-3 lg:block"
    >
      <div className="flex items-center justify-between pb-1.5">
        <h2 className="text-caption text-ink-2">{t.studio.versions}</h2>
        <IconButton
          name="branch"
          size={14}
          label={t.studio.showVersions}
          className="-my-2 -mr-2 size-8"
          onClick={onTree}
        />
      </div>
      <ol {...roving} className="flex flex-col">
        {[null, ...chosen].map((shown, index) => (
          <li key={shown?.job_id ?? "photo"} className="flex flex-col">
            {index > 0 && <span aria-hidden="true" className="ml-[25px] h-3 w-px bg-line-strong" />}
            <div className="flex gap-[7px] py-1">
              {button(shown, "size-[52px]")}
              <div className="flex flex-col gap-1">
                {turnOf(shown, turns)
                  ?.variants.filter((sibling) => sibling !== shown)
                  .slice(0, 3)
                  .map((sibling) => button(sibling, "size-6"))}
              </div>
            </div>
            <span
              className={`flex items-center gap-1 text-caption ${shown?.id === selected ? "font-semibold text-ink" : "text-ink-2"}`}
            >
              {numbered(shown)}
              {shown?.adopted && (
                <>
                  <Icon name="adopt" size={14} />
                  <span className="sr-only">{t.studio.adopted}</span>
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </nav>
  );
}
