/** What several features read: the configuration, a product, a job. */
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, unwrap, type Schemas } from "./client";
import { codeOf } from "./problems";

export const configQuery = queryOptions({
  queryKey: ["config"],
  queryFn: ({ signal }) => unwrap(api.GET("/config", { signal })),
  staleTime: 60_000,
});

export const sessionQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["session", sessionId],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/session/{session_id}", { params: { path: { session_id: sessionId } }, signal })),
  });

/** Small pictures of scenes with the product, which change with its cut-out. */
export const scenePreviewsKey = (sessionId: string) => ["scene-preview", sessionId];

/** Where the product is in the photo; for a photo that was not cut out yet it takes seconds. */
export const matteQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["matte", sessionId],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/session/{session_id}/matte", { params: { path: { session_id: sessionId } }, signal })),
    staleTime: 0,
  });

export const fetchJob = (jobId: string): Promise<Schemas["Job"]> =>
  unwrap(api.GET("/job/{job_id}", { params: { path: { job_id: jobId } } }));

/** All jobs that have not ended, in two calls however many there are. */
export async function fetchActive(): Promise<Schemas["Job"][]> {
  const pages = await Promise.all(
    (["running", "queued"] as const).map((status) =>
      unwrap(api.GET("/job", { params: { query: { status, limit: 100 } } })),
    ),
  );
  return pages.flatMap(({ items }) => items);
}

const BUSY_REFRESH_MS = 5_000;
/** Others may begin jobs: another browser, the command line. What this browser begins is told between its tabs. */
const IDLE_REFRESH_MS = 15_000;

export const activeQuery = queryOptions({
  queryKey: ["jobs", "active"],
  queryFn: fetchActive,
  refetchInterval: ({ state }) => {
    // Asking again would ask for the token again, though somebody has just put that off.
    if (codeOf(state.error) === "E_UNAUTHORIZED") return false;
    return state.data?.length ? BUSY_REFRESH_MS : IDLE_REFRESH_MS;
  },
});

export const isActive = (job: Schemas["Job"]) => job.status === "queued" || job.status === "running";

/** Puts a job into its product as it now is. */
export function keepJob(client: QueryClient, job: Schemas["Job"]): void {
  client.setQueryData(sessionQuery(job.session_id).queryKey, (session) => {
    if (!session) return session;
    const known = session.jobs.some((other) => other.id === job.id);
    const jobs = known
      ? session.jobs.map((other) => (other.id === job.id ? job : other))
      : [...session.jobs, job];
    return job.variants.reduce<Schemas["Session"]>(withVariant, { ...session, jobs });
  });
}

/** Puts a picture that just landed into its product and its job; one that is there already is not doubled. */
export function keepVariant(client: QueryClient, variant: Schemas["Variant"]): void {
  client.setQueryData(
    sessionQuery(variant.session_id).queryKey,
    (session) => session && withVariant(session, variant),
  );
}

function withVariant(session: Schemas["Session"], variant: Schemas["Variant"]): Schemas["Session"] {
  const add = (list: Schemas["Variant"][]) =>
    list.some((other) => other.id === variant.id)
      ? list.map((other) => (other.id === variant.id ? variant : other))
      : [...list, variant];
  return {
    ...session,
    variants: add(session.variants),
    jobs: session.jobs.map((job) =>
      job.id === variant.job_id ? { ...job, variants: add(job.variants) } : job,
    ),
  };
}
