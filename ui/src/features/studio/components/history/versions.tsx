/** Version rail of large screens, with a button for the whole tree. */
import type { Schemas } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { IconButton } from "@/shared/ui/button";
import type { Selection } from "../../hooks/use-selection";
import { chosenOf, numberOf, type Turn } from "../../turns";
import { VersionRail, type RailPicture, type RailRow } from "./version-rail";

const PHOTO = "photo";

type VersionsProps = { session: Schemas["Session"]; turns: readonly Turn[]; selection: Selection };

function useRows({ session, turns, selection }: VersionsProps): RailRow[] {
  const { t } = useTranslation();
  const asPicture = (variant: Schemas["Variant"]): RailPicture => ({
    key: variant.id,
    number: numberOf(variant, turns),
    src: variant.image.thumbnail_url,
    adopted: variant.adopted,
  });
  const photo = { key: PHOTO, number: t.studio.photo, src: session.image.thumbnail_url, adopted: false };
  const rows = turns.flatMap((turn): RailRow[] => {
    const chosen = turn.variants.find((variant) => variant.id === selection.variant?.id) ?? chosenOf(turn);
    if (!chosen) return [];
    return [
      {
        chosen: asPicture(chosen),
        siblings: turn.variants.filter((other) => other !== chosen).map(asPicture),
      },
    ];
  });
  return [{ chosen: photo, siblings: [] }, ...rows];
}

const pickBy = (selection: Selection) => (key: string) => selection.pick(key === PHOTO ? null : key);

export function Versions({ onTree, ...props }: VersionsProps & { onTree: () => void }) {
  const { t } = useTranslation();
  const rows = useRows(props);
  return (
    <nav
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
      <VersionRail
        rows={rows}
        selected={props.selection.variant?.id ?? PHOTO}
        onSelect={pickBy(props.selection)}
      />
    </nav>
  );
}
