/** Preview of a file, with a ruler outside its edge for the product's share of the frame. */
import type { Variant, Schemas } from "@/api/client";
import { bytes, formatName } from "@/shared/format";
import { useExportTranslation } from "../translation";
import { ratioOf } from "@/shared/recipe/presets";

type FilePreviewProps = {
  preset: Schemas["ExportPreset"];
  variant: Variant;
  /** Measured or exported files; the first one is described. */
  files: readonly Schemas["Export"][];
  /** URL of the preview image. */
  source: string;
  stale: boolean;
};

export function FilePreview({ preset, variant, files, source, stale }: FilePreviewProps) {
  const { t, say } = useExportTranslation();
  const file = files[0];
  const ratio = file ? file.width / file.height : ratioOf(preset, variant.image);
  const ground = preset.ground === "transparent" ? "checks" : "";
  const share = file?.checks.find(({ rule }) => rule === "subject_share")?.facts;
  const facts = files.map(({ format, bytes: size }) =>
    [formatName(format), ...(size === null ? [] : [bytes(size)])].join(" "),
  );
  return (
    <figure className="grid w-full max-w-[300px] grid-cols-[1fr_auto] gap-x-3 self-center max-sm:max-w-[180px]">
      <div
        className={`w-full overflow-hidden outline-1 outline-edge ${ground} ${stale ? "grayscale" : ""}`}
        style={{ aspectRatio: String(ratio) }}
      >
        <img src={source} alt={t.export.preview} className="size-full object-contain" />
      </div>
      <Dimension vertical share={numberIn(share, "height_share")} />
      <Dimension share={numberIn(share, "width_share")} />
      <figcaption className="col-start-1 -mx-7 pt-3 text-center text-data">
        {[say(preset.name), ...(file ? [`${file.width} × ${file.height}`] : [])].join(t.common.dot)}
        <span className="block min-h-(--text-caption--line-height) text-caption">
          {facts.join(t.studio.joiner)}
        </span>
      </figcaption>
    </figure>
  );
}

function numberIn(facts: Schemas["Check"]["facts"] | undefined, name: string): number | null {
  const value = facts?.[name];
  return typeof value === "number" && value > 0 && value <= 1 ? value : null;
}

function Dimension({ share, vertical = false }: { share: number | null; vertical?: boolean }) {
  // Until the share is known, an invisible line keeps its place.
  const percent = share === null ? "50%" : `${Math.round(share * 100)}%`;
  const line = <span className={`flex-1 bg-current ${vertical ? "w-px" : "h-px"}`} />;
  const end = <span className={`bg-current ${vertical ? "h-px w-2" : "h-2 w-px"}`} />;
  return (
    <span
      className={`flex items-center justify-self-center text-caption font-semibold ${vertical ? "flex-col self-center" : "mt-3"} ${share === null ? "invisible" : ""}`}
      style={vertical ? { height: percent } : { width: percent }}
    >
      {end}
      {line}
      <span className={vertical ? "py-1" : "px-1.5"}>{percent}</span>
      {line}
      {end}
    </span>
  );
}
