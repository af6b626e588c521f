/** Actions on the picture on the stage: undo, redo, download, copy, favourite. */
import { useTranslation } from "@/shared/i18n/translation";
import { IconButton } from "@/shared/ui/button";
import { copyPicture } from "@/shared/ui/copy";
import { Icon } from "@/shared/ui/icon";
import { useToast } from "@/shared/ui/layers/toast";
import { useFavourites } from "../hooks/use-favourites";
import type { History } from "../hooks/use-history";
import { useStudio } from "../hooks/use-studio";
import { numberOf } from "../turns";

export function PictureActions({ history }: { history: History }) {
  const { session, turns, selection } = useStudio();
  const { variant } = selection;
  const { t } = useTranslation();
  const toast = useToast();
  const favourites = useFavourites();
  const liked = variant !== null && favourites.has(variant.id);
  const name = [session.title, variant ? numberOf(variant, turns) : ""].filter(Boolean).join(" ");
  return (
    <>
      <IconButton
        name="undo"
        label={t.studio.undo}
        disabled={!history.undo}
        onClick={() => history.undo?.()}
        plain
      />
      <IconButton
        name="redo"
        label={t.studio.redo}
        disabled={!history.redo}
        onClick={() => history.redo?.()}
        plain
      />
      {variant && (
        <>
          <a
            href={variant.image.url}
            download={`${name}.${variant.image.format === "jpeg" ? "jpg" : variant.image.format}`}
            aria-label={t.studio.downloadPicture}
            title={t.studio.downloadPicture}
            className="grid size-9 shrink-0 place-items-center rounded-control hover:bg-hover hover:text-ink pointer-coarse:size-11"
          >
            <Icon name="save" />
          </a>
          <IconButton
            name="copy"
            label={t.studio.copyPicture}
            plain
            onClick={() =>
              void copyPicture(variant.image.url).then((copied) =>
                toast(copied ? t.studio.pictureCopied : t.studio.pictureNotCopied),
              )
            }
          />
          <IconButton
            name="favourite"
            label={t.studio.favourite}
            aria-pressed={liked}
            onClick={() => favourites.set(variant.id, !liked)}
            plain
            className={liked ? "text-accent! [&_svg]:fill-current" : ""}
          />
        </>
      )}
    </>
  );
}
