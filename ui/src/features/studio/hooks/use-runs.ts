/** Asking for pictures, choosing one, stopping and retrying. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap, type Job, type Variant, type Schemas } from "@/api/client";
import { codeOf, retryLost } from "@/api/problems";
import { cacheChanged, cacheJob, cacheVariant, sessionQuery } from "@/api/queries";
import { freshKey } from "@/shared/fresh-key";
import { useRetryWait } from "@/shared/hooks/use-retry-wait";
import { useSingleMutation } from "@/shared/hooks/use-single-mutation";
import { useTranslation } from "@/shared/i18n/translation";
import { useToast } from "@/shared/ui/layers/toast";
import { clearDraft } from "../instruction/drafts";
import type { Fix } from "../marks";
import { chosenOf, type Turn } from "../turns";
import type { Selection } from "./use-selection";

const retry = retryLost();

export type EditOrder = Omit<Schemas["EditRequest"], "session_id" | "variant_id">;
type RefineOrder = {
  base: Variant;
  prompt: string;
  candidates: number;
  provider: string | null;
};

/** Property of a picture that can be restored by itself. */
type Restorable = NonNullable<Schemas["RefineRequest"]["restore"]>;
type RestoreOrder = { base: Variant; restore: Restorable };

/** Fields of a plan to set, by part. */
export type PlanChanges = Record<string, Record<string, unknown>>;
type ArrangeOrder = { base: Variant; changes: PlanChanges };

/** Order with its idempotency key: however often it is sent again, the server makes one job of it. */
type Press<T> = { order: T; key: string };
export const press = <T>(order: T): Press<T> => ({ order, key: freshKey() });

const keyHeader = (key: string) => ({ header: { "idempotency-key": key } });

const refineFrom = (
  { id, session_id }: Variant,
  key: string,
  order: Partial<Omit<Schemas["RefineRequest"], "session_id" | "variant_id">>,
) =>
  unwrap(
    api.POST("/refine", {
      params: keyHeader(key),
      body: { session_id, variant_id: id, candidates: 1, ...order },
    }),
  );

export function useRuns(sessionId: string) {
  const answers = useAnswers(sessionId);
  const changes = useChanges(sessionId, answers);
  return { ...useOrders(sessionId, answers, changes.adopt.mutate), ...changes };
}

export type Runs = ReturnType<typeof useRuns>;

/** Error of the action that was sent last; null if it has none. */
export const latestError = (actions: readonly { error: unknown; submittedAt: number }[]): unknown =>
  actions.reduce((one, other) => (other.submittedAt > one.submittedAt ? other : one)).error;

/** Seconds until the server takes orders of pictures again. */
export const useRunsWait = ({ edit, refine, restore, arrange, again }: Runs): number =>
  useRetryWait(latestError([edit, refine, restore, arrange, again]));

type Answers = {
  retry: typeof retry;
  onSuccess: (job: Job) => void;
  onError: (error: unknown) => void;
};

/** Stores the job that the server answers with, and reloads the product if it was changed elsewhere. */
function useAnswers(sessionId: string): Answers {
  const client = useQueryClient();
  const onError = useConflict(sessionId);
  return { retry, onSuccess: (job) => cacheJob(client, job), onError };
}

/** Returns the error handler that reloads a product which was changed elsewhere. */
export function useConflict(sessionId: string): (error: unknown) => void {
  const client = useQueryClient();
  const toast = useToast();
  const { t } = useTranslation();
  return (error) => {
    if (codeOf(error) !== "E_CONFLICT") return;
    toast(t.common.updatedElsewhere);
    void client.invalidateQueries({ queryKey: sessionQuery(sessionId).queryKey });
  };
}

/** Orders of pictures, each sent once per press. Their refusals are shown where they were given. */
function useOrders(sessionId: string, answers: Answers, adopt: (variantId: string) => void) {
  const { onSuccess } = answers;
  const edit = useSingleMutation({
    key: ["edit", sessionId],
    mutationFn: ({ order, key }: Press<EditOrder>) =>
      unwrap(api.POST("/edit", { params: keyHeader(key), body: { session_id: sessionId, ...order } })),
    retry,
    onSuccess: (job, { order: { prompt } }) => {
      onSuccess(job);
      if (prompt) clearDraft(`start.${sessionId}`, prompt);
    },
  });
  const refine = useSingleMutation({
    key: ["refine", sessionId],
    mutationFn: ({ order: { base, ...order }, key }: Press<RefineOrder>) => refineFrom(base, key, order),
    retry,
    onSuccess: (job, { order: { base, prompt } }) => {
      onSuccess(job);
      clearDraft(`refine.${sessionId}`, prompt);
      // Adopts the base only after the refinement is accepted: a refused instruction must not choose it.
      if (!base.adopted) adopt(base.id);
    },
  });
  const restore = useSingleMutation({
    key: ["restore", sessionId],
    mutationFn: ({ order: { base, ...order }, key }: Press<RestoreOrder>) => refineFrom(base, key, order),
    ...answers,
  });
  /** By hand: made on this machine, so that a drag is never paid for. */
  const arrange = useSingleMutation({
    key: ["arrange", sessionId],
    mutationFn: ({ order: { base, changes }, key }: Press<ArrangeOrder>) =>
      refineFrom(base, key, { changes, provider: "local" }),
    ...answers,
  });
  return { edit, refine, restore, arrange };
}

/** Changes of what is there: the choice of a picture, a running or failed job, the product. */
function useChanges(sessionId: string, answers: Answers) {
  const client = useQueryClient();
  const { queryKey } = sessionQuery(sessionId);
  const { onSuccess, onError } = answers;
  const adopt = useMutation({
    mutationFn: (variantId: string) =>
      unwrap(api.POST("/variant/{variant_id}/adopt", { params: { path: { variant_id: variantId } } })),
    retry,
    onSuccess: (variant) => cacheVariant(client, variant),
    onError,
  });
  const cancel = useMutation({
    mutationFn: (jobId: string) =>
      unwrap(api.POST("/job/{job_id}/cancel", { params: { path: { job_id: jobId } } })),
    ...answers,
  });
  const again = useSingleMutation({
    key: ["again", sessionId],
    mutationFn: (jobId: string) =>
      unwrap(api.POST("/job/{job_id}/retry", { params: { path: { job_id: jobId } } })),
    onSuccess,
    onError,
  });
  const change = useMutation({
    // One after the other, so that an older choice cannot arrive last.
    scope: { id: `session ${sessionId}` },
    mutationFn: (body: Schemas["SessionChange"]) =>
      unwrap(api.PATCH("/session/{session_id}", { params: { path: { session_id: sessionId } }, body })),
    retry,
    // At once, because the export that is opened next begins with the files of this shop.
    onMutate: ({ platform }) => {
      const before = client.getQueryData(queryKey);
      if (before && platform !== undefined) client.setQueryData(queryKey, { ...before, platform });
      return before?.platform;
    },
    onSuccess: (session) => cacheChanged(client, session),
    onError: (_, __, platform = null) =>
      client.setQueryData(queryKey, (now) => (now ? { ...now, platform } : now)),
  });
  return { adopt, cancel, again, change };
}

/** Orders that start from a picture: adopt it, repair it, or carry out another instruction on it. */
export function usePictureOrders(turns: readonly Turn[], selection: Selection, runs: Runs) {
  const { variant } = selection;
  const newest = turns.at(-1);
  const show = { onSuccess: (job: Job) => selection.begin(job.id) };

  const adopt = () => variant && !variant.adopted && runs.adopt.mutate(variant.id);
  const fix = (base: Variant, mark: Fix) => {
    // The button stays beside its picture while the repaired one is being made.
    const isBeingMade = turns.some(
      ({ active, job }) => active && job.variant_id === base.id && job.restore === mark,
    );
    if (!isBeingMade) runs.restore.mutate(press({ base, restore: mark }), show);
  };
  /** Carries out what a notice about the newest turn suggests. */
  const doInstead = (prompt: string) => {
    const base = (variant?.job_id === newest?.job.id ? variant : newest && chosenOf(newest)) ?? variant;
    if (base) runs.refine.mutate(press({ base, prompt, candidates: 1, provider: null }), show);
  };
  return { adopt, fix, doInstead };
}
