/** Errors of the server, told apart by their code and never by their text. */
import type { components } from "./schema.gen";

export type Problem = components["schemas"]["Problem"];

/** Every code of the server's catalogue; one it does not hold counts as `E_INTERNAL`. */
export const errorCodes = [
  "E_AI_MODEL_UNAVAILABLE",
  "E_AI_RATE_LIMITED",
  "E_AI_TIMEOUT",
  "E_AI_CONTENT_REFUSED",
  "E_AI_AUTH",
  "E_PROMPT_INVALID",
  "E_INPUT_TOO_LARGE",
  "E_INPUT_UNSUPPORTED",
  "E_INPUT_CORRUPT",
  "E_STORAGE_IO",
  "E_RATE_LIMITED",
  "E_NOT_FOUND",
  "E_UNAUTHORIZED",
  "E_CONFLICT",
  "E_IDEMPOTENCY_MISMATCH",
  "E_VALIDATION",
  "E_WORKER_LOST",
  "E_INTERNAL",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export const known = (code: string): ErrorCode => errorCodes.find((other) => other === code) ?? "E_INTERNAL";

/** A call that did not work. Without a problem the server did not answer at all. */
export class ProblemError extends Error {
  readonly problem: Problem | null;
  readonly retryAfterSeconds: number;

  constructor(problem: Problem | null, retryAfterSeconds = 0) {
    super(problem?.title ?? "no answer");
    this.name = "ProblemError";
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
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
 * The error that an answer other than good stands for.
 *
 * @param signIns - Sign-ins when the request was sent: one that was sent before the latest asks for no token again.
 */
export function refusal(body: unknown, retryAfter: string | null, signIns: number): ProblemError {
  const error = new ProblemError(parseProblem(body), Number(retryAfter) || 0);
  if (error.code === "E_UNAUTHORIZED" && signIns === identity.signIns) {
    identity.dispatchEvent(new Event("refused"));
  }
  return error;
}

/** The problem object of an error body; null for what is none, such as a proxy's page. */
function parseProblem(body: unknown): Problem | null {
  const looksRight = typeof body === "object" && body !== null && "code" in body && "title" in body;
  return looksRight ? (body as Problem) : null;
}

export const codeOf = (error: unknown): string | null => (error instanceof ProblemError ? error.code : null);

/** Whether sending the same request again can help: the server did not answer, or says so itself. */
export const isRetryable = (error: unknown): boolean =>
  error instanceof ProblemError && (error.problem === null || error.problem.status >= 502);
