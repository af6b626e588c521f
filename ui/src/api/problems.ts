/** Server errors, identified by code and never by text. */
import type { components } from "./schema.gen";

type Problem = components["schemas"]["Problem"];

/** The code, if there are texts for it. An unknown code counts as `E_INTERNAL`. */
export const knownCode = <Texts extends { E_INTERNAL: string }>(texts: Texts, code: string) =>
  (code in texts ? code : "E_INTERNAL") as keyof Texts;

/** A failed API call. `problem` is null when the server did not respond at all. */
export class ProblemError extends Error {
  readonly problem: Problem | null;
  readonly retryAfterSeconds: number;
  /** True if there was no network. */
  readonly isOffline: boolean;

  constructor(problem: Problem | null, retryAfterSeconds = 0, isOffline = false) {
    super(problem?.title ?? "no answer");
    this.name = "ProblemError";
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
    this.isOffline = isOffline;
  }

  get code(): string | null {
    return this.problem?.code ?? null;
  }
}

/** Event target of the sign-in state: `refused` after an answer 401, `known` after a sign-in. */
class Identity extends EventTarget {
  /** Sign-ins in this tab so far. */
  signIns = 0;

  signedIn(): void {
    this.signIns += 1;
    this.dispatchEvent(new Event("known"));
  }
}

export const identity = new Identity();

/**
 * Turns an error response into a `ProblemError`. A 401 asks for the token, unless the user signed in after the
 * request was sent.
 *
 * @param signIns - Sign-ins at the time when the request was sent.
 */
export function problemErrorOf(body: unknown, retryAfter: string | null, signIns: number): ProblemError {
  const error = new ProblemError(parseProblem(body), Number(retryAfter) || 0);
  if (error.code === "E_UNAUTHORIZED" && signIns === identity.signIns) {
    identity.dispatchEvent(new Event("refused"));
  }
  return error;
}

/** Returns the problem object of an error body, or null for any other body, such as a proxy's error page. */
function parseProblem(body: unknown): Problem | null {
  const looksRight = typeof body === "object" && body !== null && "code" in body && "title" in body;
  return looksRight ? (body as Problem) : null;
}

export const codeOf = (error: unknown): string | null => (error instanceof ProblemError ? error.code : null);

/** Retry rule of calls that may be repeated: as often as this, as long as it can help. */
export const retryLost =
  (times = 3) =>
  (count: number, error: unknown): boolean =>
    count < times && isRetryable(error);

/** Whether a retry can help: the server did not respond, or answered with 502 or above. */
const isRetryable = (error: unknown): boolean =>
  error instanceof ProblemError && (error.problem === null || error.problem.status >= 502);
