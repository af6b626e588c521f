/** Presets that were ever exported from a picture, so that expired files can be made again. */
import { useStored } from "@/shared/hooks/use-stored";

type Past = readonly (readonly [variantId: string, preset: string])[];

const MAX_STORED = 200;

const isPast = (value: unknown): value is Past =>
  Array.isArray(value) &&
  value.every(
    (entry) => Array.isArray(entry) && entry.length === 2 && entry.every((x) => typeof x === "string"),
  );

export function useExportedPresets(variantId: string) {
  const [past, keep] = useStored<Past>("export.past", [], isPast);
  return {
    presets: past.flatMap(([variant, preset]) => (variant === variantId ? [preset] : [])),
    add: (presets: readonly string[]) => {
      const added = presets.map((preset) => [variantId, preset] as const);
      const isOther = ([variant, preset]: Past[number]) => variant !== variantId || !presets.includes(preset);
      keep((now) => [...now.filter(isOther), ...added].slice(-MAX_STORED));
    },
  };
}
