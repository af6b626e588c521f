/** What new work begins with: for which shop, and how many pictures at a time. */
import { useQuery } from "@tanstack/react-query";
import { configQuery } from "@/api/queries";
import { oneOf, useStored } from "./use-stored";

export const candidateCounts: readonly number[] = [1, 2, 3, 4];

const isCount = oneOf(...candidateCounts);
const isPlatform = (value: unknown): value is string | null => value === null || typeof value === "string";

/** `initial` holds until a number was chosen anywhere. */
export const useCandidates = (initial = 3) => useStored<number>("candidates", initial, isCount);

/** Null is none; so is one that the server does not know any more. */
export function usePlatform(): [string | null, (platform: string | null) => void] {
  const { data: config } = useQuery(configQuery);
  const [stored, setStored] = useStored<string | null>("platform", null, isPlatform);
  const known = config?.platforms.some(({ id }) => id === stored);
  return [known ? stored : null, setStored];
}
