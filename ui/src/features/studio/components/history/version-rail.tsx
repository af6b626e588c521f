/** Version rail: turns from top to bottom, each with its adopted picture and the siblings. */
import { useEffect, useRef } from "react";
import { useTranslation } from "@/shared/i18n/translation";
import { Frame } from "@/shared/ui/frame";
import { Icon } from "@/shared/ui/icon";
import { moveInMenu } from "@/shared/ui/layers/menu-keys";

export type RailPicture = { key: string; number: string; src: string; adopted: boolean };
export type RailRow = { chosen: RailPicture; siblings: readonly RailPicture[] };

type VersionRailProps = { rows: readonly RailRow[]; selected: string; onSelect: (key: string) => void };

export function VersionRail({ rows, selected, onSelect }: VersionRailProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    // Roving tabindex: the picture on the stage is the one tab stop, and arrow keys move among the others.
    // eslint-disable-next-line jsx-a11y-x/no-noninteractive-element-interactions
    <ol ref={list} onKeyDown={(event) => moveInMenu(event, list.current)} className="flex flex-col">
      {rows.map(({ chosen, siblings }, index) => (
        <li key={chosen.key} className="flex flex-col">
          {index > 0 && <span aria-hidden="true" className="ml-[25px] h-3 w-px bg-line-strong" />}
          <div className="flex gap-[7px] py-1">
            <RailButton
              picture={chosen}
              selected={chosen.key === selected}
              size="size-[52px]"
              onSelect={onSelect}
            />
            <div className="flex flex-col gap-1">
              {siblings.slice(0, 3).map((sibling) => (
                <RailButton
                  key={sibling.key}
                  picture={sibling}
                  selected={sibling.key === selected}
                  size="size-6"
                  onSelect={onSelect}
                />
              ))}
            </div>
          </div>
          <span
            className={`flex items-center gap-1 text-caption ${chosen.key === selected ? "font-semibold text-ink" : "text-ink-2"}`}
          >
            {chosen.number}
            {chosen.adopted && (
              <>
                <Icon name="adopt" size={14} />
                <span className="sr-only">{t.studio.adopted}</span>
              </>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

type RailButtonProps = {
  picture: RailPicture;
  selected: boolean;
  size: string;
  onSelect: (key: string) => void;
};

function RailButton({ picture, selected, size, onSelect }: RailButtonProps) {
  return (
    <button
      type="button"
      aria-label={picture.number}
      aria-current={selected ? "true" : undefined}
      tabIndex={selected ? 0 : -1}
      onClick={() => onSelect(picture.key)}
      className="frame-button block scroll-my-7 self-start"
    >
      <Frame src={picture.src} alt="" selected={selected} className={size} />
    </button>
  );
}
