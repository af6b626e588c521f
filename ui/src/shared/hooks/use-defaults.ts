/** Defaults for new work: shop and number of candidates. */
import { newRecipeBounds } from "@/api/bounds.gen";
import { useConfig } from "./use-config";
import { isTextOrNull, oneOf, useStored } from "./use-stored";

const { minimum, maximum } = newRecipeBounds.candidates;

export const candidateCounts: readonly number[] = Array.from(
  { length: maximum - minimum + 1 },
  (_, at) => minimum + at,
);

const isCount = oneOf(...candidateCounts);

/** `initial` applies until the user chooses a number anywhere. */
export const useCandidates = (initial = 3) => useStored<number>("candidates", initial, isCount);

/** Null means no shop, also when the stored one is unknown to the server. */
export function usePlatform(): [string | null, (platform: string | null) => void] {
  const config = useConfig();
  const [stored, setStored] = useStored<string | null>("platform", null, isTextOrNull);
  const known = config?.platforms.some(({ id }) => id === stored);
  return [known ? stored : null, setStored];
}
