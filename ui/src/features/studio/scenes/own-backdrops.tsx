/** Custom pictures and colours beside the scenes: add, choose, remove. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { Variant } from "@/api/client";
import { PICTURES } from "@/shared/photos/pick-buttons";
import { ShowAll, TileFrame } from "@/shared/recipe/template-grid";
import { IconButton } from "@/shared/ui/button";
import { CallProblem, ErrorLine } from "@/shared/ui/call-problem";
import { Toolbar } from "@/shared/ui/toolbar";
import { Icon } from "@/shared/ui/icon";
import { backdropsQuery, useAddBackdrop, useRemoveBackdrop } from "./backdrop-queries";
import { changesOf, type SceneChoice } from "./choice";
import { useSceneTranslation } from "./translation";
import { PreviewTile } from "./preview-tile";

/** Number of backdrops that fill one row together with the two fixed tiles. */
const SHORT = 2;

export type OwnBackdropsProps = {
  /** Picture that is put into the scene; null for the photo. */
  base: Variant | null;
  selected: SceneChoice | null;
  disabled: boolean;
  /** True while previews must not be requested, because a job needs the machine. */
  paused: boolean;
  onSelect: (choice: SceneChoice | null) => void;
};

export function OwnBackdrops({ selected, disabled, onSelect, base, paused }: OwnBackdropsProps) {
  const { t } = useSceneTranslation();
  const { data: images = [], isError } = useQuery(backdropsQuery);
  const remove = useRemoveBackdrop();
  const adding = useAddBackdrop((imageId) => onSelect({ kind: "picture", imageId }));
  const [all, setAll] = useState(false);
  const shown = all ? images : images.slice(0, SHORT);
  const chosen = selected?.kind === "picture" ? selected.imageId : null;
  return (
    <Toolbar label={t.scenes.own} className="flex flex-col gap-3">
      <div className="flex items-baseline justify-between">
        <h3 className="text-data font-medium">{t.scenes.own}</h3>
        {images.length > SHORT && (
          <ShowAll all={all} label={t.scenes.allOwn(images.length)} onToggle={() => setAll(!all)} />
        )}
      </div>
      <ul className="grid grid-cols-4 gap-x-2.5 gap-y-3">
        <li>
          <AddTile adding={adding} disabled={disabled} />
        </li>
        <li>
          <ColorTile
            color={selected?.kind === "color" ? selected.color : null}
            disabled={disabled}
            onPick={(color) => onSelect({ kind: "color", color })}
          />
        </li>
        {images.length === 0 && !isError && (
          <li className="col-span-2 text-caption text-ink-2">{t.scenes.ownNote}</li>
        )}
        {shown.map((image, index) => {
          const on = image.id === chosen;
          return (
            <li key={image.id} className="flex flex-col gap-1.5">
              <button
                type="button"
                aria-pressed={on}
                aria-label={t.scenes.picture(index + 1)}
                disabled={disabled}
                onClick={() => onSelect(on ? null : { kind: "picture", imageId: image.id })}
                className="frame-button w-full"
              >
                <PreviewTile
                  base={base}
                  order={{ changes: changesOf({ kind: "picture", imageId: image.id }) }}
                  paused={paused}
                  selected={on}
                  placeholder={image.thumbnail_url}
                />
              </button>
              <span className="flex items-center justify-between text-caption text-ink-2">
                <span aria-hidden="true">{index + 1}</span>
                <IconButton
                  name="remove"
                  size={14}
                  label={t.scenes.remove(index + 1)}
                  className="-my-1 -mr-1 size-6! pointer-coarse:size-9!"
                  onClick={() => {
                    if (on) onSelect(null);
                    remove(image);
                  }}
                />
              </span>
            </li>
          );
        })}
      </ul>
      {adding.refused !== null && <ErrorLine>{adding.refused}</ErrorLine>}
      <CallProblem error={adding.problem} />
      {isError && <p className="text-data text-warn">{t.scenes.notListed}</p>}
    </Toolbar>
  );
}

const tile =
  "relative flex w-full flex-col gap-1.5 text-left has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent";

function AddTile({ adding, disabled }: { adding: ReturnType<typeof useAddBackdrop>; disabled: boolean }) {
  const { t } = useSceneTranslation();
  const { add, percent } = adding;
  return (
    <label className={`${tile} ${disabled || add.isPending ? "text-ink-3" : "cursor-pointer"}`}>
      <TileFrame selected={false}>
        <span className="grid size-full place-items-center text-data">
          {add.isPending ? `${percent}%` : <Icon name="photo" size={22} />}
        </span>
      </TileFrame>
      <span className="text-caption text-ink-2">{t.scenes.addPicture}</span>
      <input
        type="file"
        accept={PICTURES}
        aria-label={t.scenes.addPicture}
        disabled={disabled || add.isPending}
        className="absolute inset-0 cursor-pointer opacity-0"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) add.mutate(file);
          // Reset, so that picking the same file again fires an event.
          target.value = "";
        }}
      />
    </label>
  );
}

type ColorTileProps = { color: string | null; disabled: boolean; onPick: (color: string) => void };

function ColorTile({ color, disabled, onPick }: ColorTileProps) {
  const { t } = useSceneTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [tried, setTried] = useState("#dfe7ea");
  const pick = useEffectEvent(onPick);
  useEffect(() => {
    const input = field.current;
    // React's onChange fires at each step of the colour picker; the native `change` event fires once, when it closes.
    const done = () => input && pick(input.value);
    input?.addEventListener("change", done);
    return () => input?.removeEventListener("change", done);
  }, []);
  return (
    <label className={`${tile} ${disabled ? "" : "cursor-pointer"}`}>
      <TileFrame selected={color !== null}>
        <span className="block size-full" style={{ backgroundColor: color ?? tried }} />
      </TileFrame>
      <span className={`text-caption ${color ? "font-semibold text-ink" : "text-ink-2"}`}>
        {t.scenes.color}
      </span>
      <input
        ref={field}
        type="color"
        aria-label={t.scenes.color}
        value={tried}
        disabled={disabled}
        onChange={(event) => setTried(event.target.value)}
        className="absolute inset-0 size-full cursor-pointer opacity-0"
      />
    </label>
  );
}
