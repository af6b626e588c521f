/** Scene picker: scenes, custom pictures and colours, each previewed with the product. */
import { useTranslation } from "@/shared/i18n/translation";
import { TemplateGrid } from "@/shared/recipe/template-grid";
import { OwnBackdrops, type OwnBackdropsProps } from "./own-backdrops";
import { PreviewTile } from "./preview-tile";

type ScenePickerProps = OwnBackdropsProps & { title?: string };

export function ScenePicker({ title, ...props }: ScenePickerProps) {
  const { base, selected, disabled, paused, onSelect } = props;
  const { say } = useTranslation();
  return (
    <>
      <TemplateGrid
        selected={selected?.kind === "template" ? selected.id : null}
        disabled={disabled}
        title={title}
        onSelect={(id) => onSelect(id === null ? null : { kind: "template", id })}
        // No placeholder: the sample product beside one's own would be taken for a mistake.
        pictureOf={({ wish }, on) => (
          <PreviewTile base={base} order={{ prompt: say(wish) }} paused={paused} selected={on} />
        )}
      />
      <OwnBackdrops {...props} />
    </>
  );
}
