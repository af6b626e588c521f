/** Queries that measure, create and list export files. */
import { queryOptions, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { maxExportFiles } from "@/api/bounds.gen";
import { api, unwrap, type Schemas } from "@/api/client";
import { allPages } from "@/api/pages";
import { retryLost } from "@/api/problems";
import { fetchExports } from "@/api/queries";
import { useSingleMutation } from "@/shared/hooks/use-single-mutation";
import { freshKey } from "@/shared/fresh-key";

export type FixId = Schemas["FixId"];
export type LabelLanguage = Schemas["LabelLanguage"];
type Export = Schemas["Export"];

/** Options of a file beyond its preset. */
type FileOptions = { fixes: readonly FixId[]; label: LabelLanguage | null };

const LOOK_AGAIN_MS = 700;

/** Measures a file without storing it. A variant never changes, so the result is cached for good. */
export const measuredQuery = (
  variantId: string,
  preset: string,
  { fixes, label }: FileOptions,
  pattern: string | null,
) =>
  queryOptions({
    queryKey: ["measured", variantId, preset, [...fixes].sort().join(), label, pattern],
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      unwrap(
        api.POST("/export", {
          params: { header: { "idempotency-key": freshKey() } },
          body: {
            variant_ids: [variantId],
            presets: [preset],
            fixes: [...fixes],
            label,
            ...(pattern === null ? {} : { names: { [preset]: pattern } }),
            dry_run: true,
          },
          signal,
        }),
      ).then((result) => result.exports),
  });

/** URL of a file preview; the browser caches the image. */
export function previewUrl(variantId: string, preset: string, { fixes, label }: FileOptions): string {
  const asked = new URLSearchParams({ variant_id: variantId, preset });
  for (const fix of [...fixes].sort()) asked.append("fixes", fix);
  if (label) asked.set("label", label);
  return `/export/preview?${asked}`;
}

const isPending = ({ status }: Export) => status === "pending";

export const exportsQuery = (variantId: string) =>
  queryOptions({
    queryKey: ["exports", variantId],
    queryFn: ({ signal }) => fetchExports(variantId, signal),
    refetchInterval: ({ state }) => (state.data?.some(isPending) ? LOOK_AGAIN_MS : false),
  });

export const allExportsQuery = queryOptions({
  queryKey: ["exports"],
  queryFn: ({ signal }) =>
    allPages((query) => unwrap(api.GET("/export", { params: { query }, signal })), maxExportFiles),
});

/** Files with the same fixes, sent in one request with one idempotency key. */
type Batch = { presets: string[]; fixes: FixId[]; key: string };

type Press = {
  batches: Batch[];
  label: LabelLanguage | null;
  names: Readonly<Record<string, string>>;
};

/** Groups the presets of one button press by their fixes. */
export function pressExport(fixesOf: ReadonlyMap<string, readonly FixId[]>): Batch[] {
  const batches = new Map<string, Batch>();
  for (const [preset, fixes] of fixesOf) {
    const name = [...fixes].sort().join();
    const batch = batches.get(name) ?? { presets: [], fixes: [...fixes], key: freshKey() };
    batches.set(name, { ...batch, presets: [...batch.presets, preset] });
  }
  return [...batches.values()];
}

type Exporting = {
  before: () => Promise<void>;
  /** Gets the number of files that the server still makes in a job. */
  onWait: (missing: number) => void;
  /** Called with the files of these presets when all are made, also after the dialog was closed. */
  onMade: (files: readonly Export[], presets: readonly string[]) => void;
  /** Called if an order failed, also after the dialog was closed. */
  onError: (error: unknown) => void;
};

export function useExport(variantId: string, { before, onWait, onMade, onError }: Exporting) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: async ({ batches, label, names }: Press): Promise<Export[]> => {
      await before();
      const files: Export[] = [];
      for (const { presets, fixes, key } of batches) {
        const named = Object.fromEntries(
          Object.entries(names).filter(([preset]) => presets.includes(preset)),
        );
        const made = await unwrap(
          api.POST("/export", {
            params: { header: { "idempotency-key": key } },
            body: { variant_ids: [variantId], presets, fixes, label, names: named, dry_run: false },
          }),
        );
        files.push(...made.exports);
      }
      return settled(client, variantId, files, onWait);
    },
    retry: retryLost(),
    onSuccess: (files, { batches }) =>
      onMade(
        files,
        batches.flatMap(({ presets }) => presets),
      ),
    onError,
    onSettled: () => client.invalidateQueries({ queryKey: exportsQuery(variantId).queryKey }),
  });
}

async function settled(
  client: QueryClient,
  variantId: string,
  files: readonly Export[],
  onWait: (missing: number) => void,
): Promise<Export[]> {
  let now = [...files];
  while (now.some(isPending)) {
    onWait(now.filter(isPending).length);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    const list = await client.query({ ...exportsQuery(variantId), staleTime: 0 });
    // A pending file that is no longer listed was deleted with its product.
    now = now.map((file) =>
      isPending(file) ? (list.find(({ id }) => id === file.id) ?? { ...file, status: "failed" }) : file,
    );
  }
  onWait(0);
  return now;
}

/** URL of one archive with all these files. */
export const archiveUrl = (files: readonly Export[]) =>
  `/export/archive?ids=${files.flatMap(({ id }) => id ?? []).join(",")}`;
