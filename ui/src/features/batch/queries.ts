/** Queries for batches, their items and recipes. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap, type Schemas } from "@/api/client";
import { allPages } from "@/api/pages";
import { useSingleMutation } from "@/shared/hooks/use-single-mutation";
import { isUnderWay } from "./items";

export type Batch = Schemas["Batch"];
export type Item = Schemas["BatchItem"];
export type Recipe = Schemas["Recipe"];

const BUSY_REFRESH_MS = 3_000;

const of = (id: string) => ({ params: { path: { batch_id: id } } });

export const batchesQuery = queryOptions({
  queryKey: ["batches"],
  queryFn: ({ signal }) => allPages((query) => unwrap(api.GET("/batch", { params: { query }, signal }))),
  refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? BUSY_REFRESH_MS : false),
});

export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: ["batches", id],
    queryFn: ({ signal }) => unwrap(api.GET("/batch/{batch_id}", { ...of(id), signal })),
  });

/** The event stream updates the items until the batch has finished; only then they are fetched anew. */
export const itemsQuery = (id: string) =>
  queryOptions({
    queryKey: ["batches", id, "items"],
    queryFn: ({ signal }) =>
      allPages((query) =>
        unwrap(api.GET("/batch/{batch_id}/item", { params: { path: { batch_id: id }, query }, signal })),
      ),
    staleTime: Infinity,
  });

export const recipesQuery = queryOptions({
  queryKey: ["recipes"],
  queryFn: ({ signal }) => allPages((query) => unwrap(api.GET("/recipe", { params: { query }, signal }))),
});

export const estimateQuery = (body: Omit<Schemas["BatchRequest"], "dry_run">, isAsked: boolean) =>
  queryOptions({
    queryKey: ["batch-estimate", body],
    enabled: isAsked,
    retry: false,
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      unwrap(api.POST("/batch", { body: { ...body, dry_run: true }, signal })).then(
        (answer) => answer as unknown as Schemas["BatchEstimate"],
      ),
  });

export const createBatch = (body: Omit<Schemas["BatchRequest"], "dry_run">, key: string): Promise<Batch> =>
  unwrap(
    api.POST("/batch", {
      params: { header: { "idempotency-key": key } },
      body: { ...body, dry_run: false },
    }),
  ) as Promise<Batch>;

export const decideItem = (batchId: string, itemId: string, body: Schemas["ItemDecision"]): Promise<Item> =>
  unwrap(
    api.PATCH("/batch/{batch_id}/item/{item_id}", {
      params: { path: { batch_id: batchId, item_id: itemId } },
      body,
    }),
  );

type Step = "pause" | "resume" | "cancel" | "retry";

const steps: Record<Step, (id: string) => Promise<Batch>> = {
  pause: (id) => unwrap(api.POST("/batch/{batch_id}/pause", of(id))),
  resume: (id) => unwrap(api.POST("/batch/{batch_id}/resume", of(id))),
  cancel: (id) => unwrap(api.POST("/batch/{batch_id}/cancel", of(id))),
  retry: (id) => unwrap(api.POST("/batch/{batch_id}/retry", of(id))),
};

/** Pauses, resumes, cancels or retries a batch. */
export function useSteps(id: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: (step: Step) => steps[step](id),
    onSuccess: (batch) => {
      client.setQueryData(batchQuery(id).queryKey, batch);
      return client.invalidateQueries({ queryKey: itemsQuery(id).queryKey });
    },
  });
}

export function useRecipeChanges() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: recipesQuery.queryKey });
  const path = (id: string) => ({ params: { path: { recipe_id: id } } });
  const rename = useMutation({
    mutationFn: ({ recipe, name }: { recipe: Recipe; name: string }) =>
      unwrap(api.PUT("/recipe/{recipe_id}", { ...path(recipe.id), body: { ...recipe, name } })),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE("/recipe/{recipe_id}", path(id))),
    onSettled: refresh,
  });
  return { rename, remove };
}

/** Resolves when the server can send the archive, which it may have to build first. Throws the server's error. */
export async function archiveReady(id: string): Promise<void> {
  for (;;) {
    const abort = new AbortController();
    const answer = await api.GET("/batch/{batch_id}/archive", {
      ...of(id),
      parseAs: "stream",
      signal: abort.signal,
    });
    const seconds = Number(answer.response.headers.get("Retry-After"));
    if (!answer.response.ok && seconds > 0) {
      await new Promise((done) => setTimeout(done, seconds * 1000));
      continue;
    }
    await unwrap(Promise.resolve(answer as { response: Response }));
    // Stop here: the browser's download streams the archive to disk.
    abort.abort();
    return;
  }
}
