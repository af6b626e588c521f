/** Typed HTTP client of the API. Every failed call is thrown as a `ProblemError`. */
import createClient from "openapi-fetch";
import { notifyJobStarted } from "./job-started";
import { identity, ProblemError, problemErrorOf } from "./problems";
import { isOffline, reportCall } from "./connectivity";
import type { components, paths } from "./schema.gen";

/** A schema with tuples widened to arrays, as openapi-fetch returns it. */
type Widened<T> = T extends (infer E)[]
  ? Widened<E>[]
  : T extends object
    ? { [K in keyof T]: Widened<T[K]> }
    : T;

export type Schemas = { [Name in keyof components["schemas"]]: Widened<components["schemas"][Name]> };
export type Job = Schemas["Job"];
export type Session = Schemas["Session"];
export type Variant = Schemas["Variant"];

const ACCEPTED = 202;

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: "same-origin",
});

api.use({
  onRequest: ({ request }) => {
    request.headers.set("Accept-Language", document.documentElement.lang);
    return request;
  },
  onResponse: ({ response }) => {
    // Status 202 means that the server has queued a job.
    if (response.status === ACCEPTED) notifyJobStarted();
  },
});

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** Returns the body of a successful response, or throws a `ProblemError`. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const { signIns } = identity;
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    reportCall(false);
    throw new ProblemError(null, 0, isOffline());
  }
  reportCall(true);
  if (!answer.response.ok)
    throw problemErrorOf(answer.error, answer.response.headers.get("Retry-After"), signIns);
  return answer.data as T;
}

/** Fetches a file of the server by its URL. Throws a `ProblemError` like a call of the API. */
export const fetchFile = (url: string, signal: AbortSignal | null = null): Promise<Response> =>
  unwrap(
    fetch(url, { signal }).then(async (response) => ({
      data: response,
      error: response.ok ? null : ((await response.json().catch(() => null)) as unknown),
      response,
    })),
  );
