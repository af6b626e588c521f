/** Measuring, making and listing files. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap, type Schemas } from "@/api/client";
import { isRetryable } from "@/api/problems";
import { freshKey } from "@/shared/fresh-key";

const RETRIES = 3;

/** What a file would be, measured without keeping it; a variant never changes, so neither does the answer. */
export const measuredQuery = (variantId: string, preset: string) =>
  queryOptions({
    queryKey: ["measured", variantId, preset],
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      unwrap(
        api.POST("/export", {
          params: { header: { "idempotency-key": freshKey() } },
          body: { variant_ids: [variantId], presets: [preset], dry_run: true },
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

type Press = { presets: string[]; key: string };

export const pressExport = (presets: string[]): Press => ({ presets, key: freshKey() });

export function useExport(variantId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ presets, key }: Press): Promise<Schemas["ExportResult"]> =>
      unwrap(
        api.POST("/export", {
          params: { header: { "idempotency-key": key } },
          body: { variant_ids: [variantId], presets, dry_run: false },
        }),
      ),
    retry: (count, error) => count < RETRIES && isRetryable(error),
    onSuccess: () => client.invalidateQueries({ queryKey: exportsQuery(variantId).queryKey }),
  });
}
