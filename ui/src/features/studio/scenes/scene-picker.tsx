/** Scene picker: scenes, custom pictures and colours, each previewed with the product. */
import { useRef } from "react";
import type { Schemas } from "@/api/client";
import { useSeen } from "@/shared/hooks/use-seen";
import { useTranslation } from "@/shared/i18n/translation";
import { TemplateGrid, TileFrame } from "@/shared/recipe/template-grid";
import { useScenes } from "@/shared/recipe/use-offers";
import { OwnBackdrops, type OwnBackdropsProps } from "./own-backdrops";
import { useScenePreview } from "./use-scene-preview";

type Template = Schemas["TemplateAnswer"];

type ScenePickerProps = OwnBackdropsProps & { title?: string };

export function ScenePicker({ title, ...props }: ScenePickerProps) {
  const { session, base, selected, disabled, paused, onSelect } = props;
  const templates = useScenes();
  return (
    <>
      <TemplateGrid
        templates={templates}
        selected={selected?.kind === "template" ? selected.id : null}
        disabled={disabled}
        title={title}
        onSelect={(id) => onSelect(id === null ? null : { kind: "template", id })}
        pictureOf={(template, on) => <DrawnTemplate {...{ session, base, paused, template }} selected={on} />}
      />
      <OwnBackdrops {...props} />
    </>
  );
}

type DrawnTemplateProps = Pick<OwnBackdropsProps, "session" | "base" | "paused"> & {
  template: Template;
  selected: boolean;
};

function DrawnTemplate({ session, base, paused, template, selected }: DrawnTemplateProps) {
  const { say } = useTranslation();
  const frame = useRef<HTMLSpanElement>(null);
  const seen = useSeen(frame);
  const prompt = template.wish ? say(template.wish) : "";
  const drawn = useScenePreview({ session, base, order: { prompt } }, seen && !paused && prompt !== "");
  return (
    <span ref={frame} className="block">
      {/* Neutral until then: the sample product beside one's own would be taken for a mistake. */}
      <TileFrame selected={selected}>
        {drawn && <img src={drawn} alt="" className="size-full object-contain" />}
      </TileFrame>
    </span>
  );
}
