/** Tile with the product in a scene, drawn once the tile is seen. */
import { useRef } from "react";
import { useSeen } from "@/shared/hooks/use-seen";
import { TileFrame } from "@/shared/recipe/template-grid";
import { useStudio } from "../hooks/use-studio";
import { useScenePreview, type Previewed } from "./use-scene-preview";

type PreviewTileProps = Pick<Previewed, "base" | "order"> & {
  /** True while previews must not be requested. */
  paused: boolean;
  selected: boolean;
  /** URL of the picture shown until the preview is drawn. */
  placeholder?: string;
};

export function PreviewTile({ base, order, paused, selected, placeholder }: PreviewTileProps) {
  const { session } = useStudio();
  const frame = useRef<HTMLSpanElement>(null);
  const seen = useSeen(frame);
  const drawn = useScenePreview({ session, base, order }, seen && !paused);
  const src = drawn ?? placeholder;
  const fit = drawn ? "object-contain" : "object-cover";
  return (
    <span ref={frame} className="block">
      <TileFrame selected={selected}>
        {src && <img src={src} alt="" loading="lazy" className={`size-full ${fit}`} />}
      </TileFrame>
    </span>
  );
}
