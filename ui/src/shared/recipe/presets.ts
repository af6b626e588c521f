/** Export presets by shop, the product's shop first. */
import { maxPictureSide } from "@/api/bounds.gen";
import type { Schemas } from "@/api/client";
import type { enExport } from "@/shared/i18n/messages/en/export";

type Preset = Schemas["ExportPreset"];
type Words = Schemas["Words"];

export type PresetGroup = { id: string; name: Words | null; presets: Preset[] };

/** Id in place of a shop, for presets that suit any. */
export const GENERAL = "web";

/** Order of groups: the product's platform, presets for any shop, then the other shops in the server's order. */
export function groupsOf(config: Schemas["Config"], platform: string | null): PresetGroup[] {
  const ids = [
    platform ?? GENERAL,
    GENERAL,
    ...config.platforms.map(({ id }) => id),
    ...config.export_presets.map((preset) => preset.platform),
  ];
  return [...new Set(ids)].flatMap((id): PresetGroup[] => {
    const presets = config.export_presets.filter((preset) => preset.platform === id);
    const name = config.platforms.find((other) => other.id === id)?.name ?? null;
    return presets.length ? [{ id, name: id === GENERAL ? null : name, presets }] : [];
  });
}

/** Filters the groups by preset name, shop or size. */
export function groupsWith(groups: readonly PresetGroup[], words: string): PresetGroup[] {
  const sought = words.trim().toLowerCase();
  if (sought === "") return [...groups];
  return groups.flatMap((group) => {
    const has = (names: Words | null) =>
      `${names?.zh ?? ""} ${names?.en ?? ""}`.toLowerCase().includes(sought);
    const presets = group.presets.filter(
      ({ id, name, canvas }) =>
        has(group.name) || has(name) || id.includes(sought) || String(canvas.width).includes(sought),
    );
    return presets.length > 0 ? [{ ...group, presets }] : [];
  });
}

const WEB_SIZES = new Set(["web-1080", "web-1500"]);

/** The two presets for a shop of one's own, if the server has them. */
export const webSizesOf = (presets: readonly Preset[]): string[] =>
  presets.map(({ id }) => id).filter((id) => WEB_SIZES.has(id));

/** Initial selection: the main file of the platform, or both web sizes. */
export function tickedAtFirst(config: Schemas["Config"], platform: string | null): string[] {
  const known = config.platforms.find(({ id }) => id === platform);
  if (known?.default_preset) return [known.default_preset];
  const first = groupsOf(config, platform)[0]?.presets ?? [];
  const sizes = webSizesOf(first);
  return sizes.length > 0 ? sizes : first.slice(0, 1).map(({ id }) => id);
}

export function sizeOf({ canvas }: Preset, words: typeof enExport): string {
  if (canvas.width && canvas.height) return `${canvas.width} × ${canvas.height}`;
  if (canvas.width) return words.wide(canvas.width);
  return canvas.long_side && canvas.long_side < maxPictureSide
    ? words.longSide(canvas.long_side)
    : words.original;
}

export const filesOf = (presets: readonly Preset[], ticked: ReadonlySet<string>) =>
  presets.filter(({ id }) => ticked.has(id)).reduce((sum, preset) => sum + preset.formats.length, 0);

/** Aspect ratio of the preview: width over height of the canvas. */
export function ratioOf({ canvas }: Preset, picture: { width: number; height: number }): number {
  return canvas.width && canvas.height ? canvas.width / canvas.height : picture.width / picture.height;
}
