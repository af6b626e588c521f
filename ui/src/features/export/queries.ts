/** Measuring, making and listing files. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap, type Schemas } from "@/api/client";
import { isRetryable } from "@/api/problems";
import { freshKey } from "@/shared/fresh-key";

export type FixId = Schemas["FixId"];

const RETRIES = 3;

/** What a file would be, measured without keeping it; a variant never changes, so neither does the answer. */
export const measuredQuery = (variantId: string, preset: string, fixes: readonly FixId[]) =>
  queryOptions({
    queryKey: ["measured", variantId, preset, [...fixes].sort().join()],
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      unwrap(
        api.POST("/export", {
          params: { header: { "idempotency-key": freshKey() } },
          body: { variant_ids: [variantId], presets: [preset], fixes: [...fixes], dry_run: true },
          signal,
        }),
      ).then((result) => result.exports),
  });

export const exportsQuery = (variantId: string) =>
  queryOptions({
    queryKey: ["exports", variantId],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/export", { params: { query: { variant_id: variantId, limit: 100 } }, signal })).then(
        (page) => page.items,
      ),
  });

/** Files that share their remedies, under one key. */
type Batch = { presets: string[]; fixes: FixId[]; key: string };

/** One press: presets with the same remedies go together. */
export function pressExport(fixesOf: ReadonlyMap<string, readonly FixId[]>): Batch[] {
  const batches = new Map<string, Batch>();
  for (const [preset, fixes] of fixesOf) {
    const name = [...fixes].sort().join();
    const batch = batches.get(name) ?? { presets: [], fixes: [...fixes], key: freshKey() };
    batches.set(name, { ...batch, presets: [...batch.presets, preset] });
  }
  return [...batches.values()];
}

export function useExport(variantId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (batches: Batch[]): Promise<Schemas["Export"][]> => {
      const files: Schemas["Export"][] = [];
      for (const { presets, fixes, key } of batches) {
        const made = await unwrap(
          api.POST("/export", {
            params: { header: { "idempotency-key": key } },
            body: { variant_ids: [variantId], presets, fixes, dry_run: false },
          }),
        );
        files.push(...made.exports);
      }
      return files;
    },
    retry: (count, error) => count < RETRIES && isRetryable(error),
    onSuccess: () => client.invalidateQueries({ queryKey: exportsQuery(variantId).queryKey }),
  });
}

/** All these files in one. */
export const archiveUrl = (files: readonly Schemas["Export"][]) =>
  `/export/archive?ids=${files.flatMap(({ id }) => id ?? []).join(",")}`;
