/** The calls a batch is made of. */
import { api, unwrap, type Schemas } from "@/api/client";
import { freshKey } from "@/shared/fresh-key";
import type { Item, Recipe } from "./list";

type Job = Schemas["Job"];

const TITLE_LIMIT = 120;

export const openProduct = (item: Item, imageId: string, recipe: Recipe) =>
  unwrap(
    api.POST("/session", {
      body: { image_id: imageId, title: item.name.slice(0, TITLE_LIMIT) || null, platform: recipe.platform },
    }),
  );

export const sendEdit = (sessionId: string, recipe: Recipe, key: string): Promise<Job> =>
  unwrap(
    api.POST("/edit", {
      params: { header: { "idempotency-key": key } },
      body: {
        session_id: sessionId,
        operation: recipe.operation,
        template: recipe.operation === "bg_replace" ? recipe.template : null,
        prompt: recipe.prompt.trim() || null,
        candidates: recipe.candidates,
        provider: recipe.provider,
      },
    }),
  );

/** Asks only for what is missing; a retry whose answer was lost is found again, not made twice. */
export async function sendRetry(job: Job): Promise<Job> {
  const session = await unwrap(
    api.GET("/session/{session_id}", { params: { path: { session_id: job.session_id } } }),
  );
  const sent = session.jobs.find(({ retry_of }) => retry_of === job.id);
  return sent ?? unwrap(api.POST("/job/{job_id}/retry", { params: { path: { job_id: job.id } } }));
}

export const adoptVariant = (variantId: string) =>
  unwrap(api.POST("/variant/{variant_id}/adopt", { params: { path: { variant_id: variantId } } }));

/** What the server takes in one call, and what one archive holds. */
const MOST_A_CALL = 10;
const MOST_ARCHIVED = 200;

/** Files of all these pictures, a few at a time, so that a long batch shows how far it is. */
export async function exportAll(
  variantIds: readonly string[],
  preset: string,
  onDone: (files: number) => void,
): Promise<Schemas["Export"][]> {
  const files: Schemas["Export"][] = [];
  for (let at = 0; at < variantIds.length; at += MOST_A_CALL) {
    const made = await unwrap(
      api.POST("/export", {
        params: { header: { "idempotency-key": freshKey() } },
        body: {
          variant_ids: variantIds.slice(at, at + MOST_A_CALL),
          presets: [preset],
          fixes: [],
          dry_run: false,
        },
      }),
    );
    files.push(...made.exports);
    onDone(Math.min(at + MOST_A_CALL, variantIds.length));
  }
  return files;
}

/** One address, or several where one archive cannot hold all. */
export function archiveUrls(files: readonly Schemas["Export"][]): string[] {
  const ids = files.flatMap(({ id }) => id ?? []);
  return Array.from(
    { length: Math.ceil(ids.length / MOST_ARCHIVED) },
    (_, n) => `/export/archive?ids=${ids.slice(n * MOST_ARCHIVED, (n + 1) * MOST_ARCHIVED).join(",")}`,
  );
}
