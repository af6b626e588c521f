/** Asking for pictures, choosing one, stopping and retrying. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap, type Schemas } from "@/api/client";
import { codeOf, isRetryable } from "@/api/problems";
import { cacheJob, cacheVariant, sessionQuery } from "@/api/queries";
import { freshKey } from "@/shared/fresh-key";
import { useTranslation } from "@/shared/i18n/translation";
import { useToast } from "@/shared/ui/toast";

const RETRIES = 3;
const retry = (count: number, error: unknown) => count < RETRIES && isRetryable(error);

export type EditOrder = Omit<Schemas["EditRequest"], "session_id" | "variant_id">;
type RefineOrder = {
  base: Schemas["Variant"];
  prompt: string;
  candidates: number;
  provider: string | null;
};

/** What can be brought back by itself in a picture. */
type Restorable = NonNullable<Schemas["RefineRequest"]["restore"]>;
type RestoreOrder = { base: Schemas["Variant"]; restore: Restorable };

/** Fields of a plan to set, by part. */
export type PlanChanges = Record<string, Record<string, unknown>>;
type ArrangeOrder = { base: Schemas["Variant"]; changes: PlanChanges };

/** One press, one key: whatever the network loses on the way, the server makes one job of it. */
type Press<T> = { order: T; key: string };
export const press = <T>(order: T): Press<T> => ({ order, key: freshKey() });

const keyHeader = (key: string) => ({ header: { "idempotency-key": key } });

export function useRuns(sessionId: string) {
  const client = useQueryClient();
  const toast = useToast();
  const { t } = useTranslation();
  const refresh = () => client.invalidateQueries({ queryKey: sessionQuery(sessionId).queryKey });
  const onConflict = (error: unknown) => {
    if (codeOf(error) !== "E_CONFLICT") return;
    toast(t.common.updatedElsewhere);
    void refresh();
  };

  const adoptVariant = async (variantId: string) => {
    const variant = await unwrap(
      api.POST("/variant/{variant_id}/adopt", { params: { path: { variant_id: variantId } } }),
    );
    cacheVariant(client, variant);
    return variant;
  };

  const adopt = useMutation({ mutationFn: adoptVariant, retry, onError: onConflict });

  const edit = useMutation({
    mutationFn: ({ order, key }: Press<EditOrder>) =>
      unwrap(api.POST("/edit", { params: keyHeader(key), body: { session_id: sessionId, ...order } })),
    retry,
    onSuccess: (job) => cacheJob(client, job),
  });

  const refine = useMutation({
    mutationFn: ({ order, key }: Press<RefineOrder>) =>
      unwrap(
        api.POST("/refine", {
          params: keyHeader(key),
          body: {
            session_id: sessionId,
            variant_id: order.base.id,
            prompt: order.prompt,
            candidates: order.candidates,
            provider: order.provider,
          },
        }),
      ),
    retry,
    onSuccess: (job, { order }) => {
      cacheJob(client, job);
      // Adopts the base only after the refinement is accepted: a refused instruction must not choose it.
      if (!order.base.adopted) adopt.mutate(order.base.id);
    },
  });

  const restore = useMutation({
    mutationFn: ({ order, key }: Press<RestoreOrder>) =>
      unwrap(
        api.POST("/refine", {
          params: keyHeader(key),
          body: { session_id: sessionId, variant_id: order.base.id, restore: order.restore, candidates: 1 },
        }),
      ),
    retry,
    onSuccess: (job) => cacheJob(client, job),
    onError: onConflict,
  });

  /** By hand: made on this machine, so that a drag is never paid for. */
  const arrange = useMutation({
    mutationFn: ({ order, key }: Press<ArrangeOrder>) =>
      unwrap(
        api.POST("/refine", {
          params: keyHeader(key),
          body: {
            session_id: sessionId,
            variant_id: order.base.id,
            changes: order.changes,
            candidates: 1,
            provider: "local",
          },
        }),
      ),
    retry,
    onSuccess: (job) => cacheJob(client, job),
    onError: onConflict,
  });

  const cancel = useMutation({
    mutationFn: (jobId: string) =>
      unwrap(api.POST("/job/{job_id}/cancel", { params: { path: { job_id: jobId } } })),
    retry,
    onSuccess: (job) => cacheJob(client, job),
    onError: onConflict,
  });

  const again = useMutation({
    mutationFn: (jobId: string) =>
      unwrap(api.POST("/job/{job_id}/retry", { params: { path: { job_id: jobId } } })),
    onSuccess: (job) => cacheJob(client, job),
    onError: onConflict,
  });

  const change = useMutation({
    mutationFn: (body: Schemas["SessionChange"]) =>
      unwrap(api.PATCH("/session/{session_id}", { params: { path: { session_id: sessionId } }, body })),
    retry,
    onSuccess: (session) => client.setQueryData(sessionQuery(sessionId).queryKey, session),
  });

  return { edit, refine, restore, arrange, adopt, cancel, again, change };
}

export type Runs = ReturnType<typeof useRuns>;
