/** Tile with the product in a scene, drawn once the tile is seen. */
import { useRef, useEffect, useState, type RefObject } from "react";
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

/** True once an element has been visible. */
function useSeen(element: RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !element.current) return;
    const watcher = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    watcher.observe(element.current);
    return () => watcher.disconnect();
  }, [seen, element]);
  return seen;
}
