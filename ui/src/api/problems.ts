/** Errors of the server, told apart by their code and never by their text. */
import type { components } from "./schema.gen";

export type Problem = components["schemas"]["Problem"];

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

/** Tells with the event `refused` that the server does not know who asks. */
export const unauthorized = new EventTarget();

/** The error that an answer other than good stands for. */
export function refusal(body: unknown, retryAfter: string | null): ProblemError {
  const error = new ProblemError(parseProblem(body), Number(retryAfter) || 0);
  if (error.code === "E_UNAUTHORIZED") unauthorized.dispatchEvent(new Event("refused"));
  return error;
}

/** The problem object of an error body; null for what is none, such as a proxy's page. */
export function parseProblem(body: unknown): Problem | null {
  const looksRight = typeof body === "object" && body !== null && "code" in body && "title" in body;
  return looksRight ? (body as Problem) : null;
}

export const codeOf = (error: unknown): string | null => (error instanceof ProblemError ? error.code : null);

/** Whether sending the same request again can help: the server did not answer, or says so itself. */
export const isRetryable = (error: unknown): boolean =>
  error instanceof ProblemError && (error.problem === null || error.problem.status >= 502);
