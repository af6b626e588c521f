/** Queries that several features share: configuration, product, job. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, unwrap, type Job, type Schemas, type Session, type Variant } from "./client";
import { allPages } from "./pages";
import { codeOf } from "./problems";

const CONFIG_AGAIN_MS = 10_000;

export const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: ({ signal }) => unwrap(api.GET("/config", { signal })),
  staleTime: 60_000,
  // The text of an error reads it too: without a pause each failure would be followed by another try at once, for ever.
  retryOnMount: false,
  refetchInterval: ({ state: { data, error } }) =>
    data === undefined && error !== null && codeOf(error) !== "E_UNAUTHORIZED" ? CONFIG_AGAIN_MS : false,
});

export const sessionQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["session", sessionId],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/session/{session_id}", { params: { path: { session_id: sessionId } }, signal })),
  });

/** Query key of scene previews, which depend on the product's cut-out. */
export const scenePreviewsKey = (sessionId: string) => ["scene-preview", sessionId];

/** Matte of a product. The first request for a photo takes seconds, because the photo is cut out then. */
export const matteQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["matte", sessionId],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/session/{session_id}/matte", { params: { path: { session_id: sessionId } }, signal })),
    staleTime: 0,
  });

export const fetchJob = (jobId: string): Promise<Job> =>
  unwrap(api.GET("/job/{job_id}", { params: { path: { job_id: jobId } } }));

/** Fetches all unexpired export files of a picture, newest first. */
export const fetchExports = (
  variantId: string,
  signal: AbortSignal | null = null,
): Promise<Schemas["Export"][]> =>
  allPages((page) =>
    unwrap(api.GET("/export", { params: { query: { variant_id: variantId, ...page } }, signal })),
  );

/** Fetches all unfinished jobs, in two calls whatever their number. */
export async function fetchActive(): Promise<Job[]> {
  const pages = await Promise.all(
    (["running", "queued"] as const).map((status) =>
      unwrap(api.GET("/job", { params: { query: { status, limit: 100 } } })),
    ),
  );
  return pages.flatMap(({ items }) => items);
}

const BUSY_REFRESH_MS = 5_000;
/** Poll interval for jobs that other browsers or the command line start. Tabs of this browser notify each other. */
const IDLE_REFRESH_MS = 15_000;

export const activeQuery = queryOptions({
  queryKey: ["jobs", "active"],
  queryFn: fetchActive,
  refetchInterval: ({ state }) => {
    // A retry would show the sign-in dialog again right after the user has dismissed it.
    if (codeOf(state.error) === "E_UNAUTHORIZED") return false;
    return state.data?.length ? BUSY_REFRESH_MS : IDLE_REFRESH_MS;
  },
});

export const isActive = (job: Job) => job.status === "queued" || job.status === "running";

/** Writes a job into the cached product that owns it. */
export function cacheJob(client: QueryClient, job: Job): void {
  const { queryKey } = sessionQuery(job.session_id);
  const isNew = !client.getQueryData(queryKey)?.jobs.some(({ id }) => id === job.id);
  client.setQueryData(queryKey, (session) => {
    if (!session) return session;
    const jobs = isNew
      ? [...session.jobs, job]
      : session.jobs.map((other) => (other.id === job.id ? job : other));
    // A preview comes before all other pictures of its job, so one that is not listed beside them was replaced.
    const isReplaced = ({ id, job_id, role }: Variant) =>
      role === "preview" && job_id === job.id && job.variants.every((other) => other.id !== id);
    const variants =
      job.variants.length > 0 ? session.variants.filter((one) => !isReplaced(one)) : session.variants;
    return job.variants.reduce<Session>((all, one) => withVariant(all, one), {
      ...session,
      jobs,
      variants,
    });
  });
  if (isNew) replaceResponse(client, job.session_id);
}

/** Fetches a product anew if a response is on its way, which may be older than the cache. */
function replaceResponse(client: QueryClient, sessionId: string): void {
  const { queryKey } = sessionQuery(sessionId);
  if (client.isFetching({ queryKey }) > 0) void client.invalidateQueries({ queryKey });
}

/**
 * Writes the answer to a change of a product. No change affects jobs or pictures, and the answer may be older than a
 * new job, so the cached ones stay.
 */
export function cacheChanged(client: QueryClient, session: Session): void {
  client.setQueryData(sessionQuery(session.id).queryKey, (now) =>
    now ? { ...session, jobs: now.jobs, variants: now.variants } : session,
  );
  replaceResponse(client, session.id);
}

/** Adds a picture to its product and job in the cache, in place of the preview that it replaces. */
export function cacheVariant(client: QueryClient, variant: Variant, replaces: string | null = null): void {
  client.setQueryData(
    sessionQuery(variant.session_id).queryKey,
    (session) => session && withVariant(session, variant, replaces),
  );
}

function withVariant(session: Session, variant: Variant, replaces: string | null = null): Session {
  const add = (list: Variant[]) => {
    const shown = list.filter((other) => other.id !== replaces);
    return shown.some((other) => other.id === variant.id)
      ? shown.map((other) => (other.id === variant.id ? variant : besides(other)))
      : [...shown, variant];
  };
  /** The choice among the pictures of a job moves to the one that is adopted. */
  const besides = (other: Variant) =>
    variant.adopted && other.job_id === variant.job_id ? { ...other, adopted: false } : other;
  return {
    ...session,
    variants: add(session.variants),
    jobs: session.jobs.map((job) =>
      job.id === variant.job_id ? { ...job, variants: add(job.variants) } : job,
    ),
  };
}
