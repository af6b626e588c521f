/** Remembers which unverified pictures the user has compared with their photos, so that each is asked about once. */
import { useStored } from "@/shared/hooks/use-stored";

const MAX_STORED = 200;

const isIds = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((id) => typeof id === "string");

export function useCompared(variantId: string): [boolean, (looked: boolean) => void] {
  const [ids, keep] = useStored<readonly string[]>("export.looked", [], isIds);
  const others = ids.filter((id) => id !== variantId);
  return [
    ids.includes(variantId),
    (looked) => keep(looked ? [...others, variantId].slice(-MAX_STORED) : others),
  ];
}
