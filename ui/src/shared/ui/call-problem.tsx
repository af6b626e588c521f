/** Error of a failed action, shown where it was triggered. */
import { codeOf, knownCode, ProblemError } from "@/api/problems";
import { useConfig } from "@/shared/hooks/use-config";
import { useTranslation } from "@/shared/i18n/translation";
import { Icon } from "@/shared/ui/icon";

/** Returns a function that gives the translated title of an error code, or the given text for an unknown code. */
export function useErrorWords(): (code: string, otherwise: string) => string {
  const { say } = useTranslation();
  const config = useConfig();
  return (code, otherwise) => {
    const entry = config?.errors.find((other) => other.code === code);
    return entry ? say(entry.title) : otherwise;
  };
}

/** Returns a function that explains an error: what happened and what to do next. */
export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  return (error) => {
    if (!(error instanceof ProblemError)) return t.problem.internal;
    if (!error.problem) return t.problem.network;
    const { code, title, params } = error.problem;
    // The title of this error names the clauses that were not understood, with suggestions.
    if ("told_back" in params) return title;
    return t.problem.whatThen(errorWords(code, title), t.problem.next[knownCode(code)]);
  };
}

type CallProblemProps = {
  error: unknown;
  /** True if the button itself shows the seconds until a retry. */
  countdown?: boolean;
  /** The call itself, if it is repeated before it counts as failed. */
  call?: { isPending: boolean; failureCount: number };
};

export function CallProblem({ error, countdown = false, call }: CallProblemProps) {
  const { t } = useTranslation();
  const textOf = useProblemText();
  if (call?.isPending && call.failureCount > 0) {
    return (
      <p role="status" className="text-data text-ink-2">
        {t.problem.retrying}
      </p>
    );
  }
  if (!error) return null;
  if (countdown && codeOf(error) === "E_RATE_LIMITED") return null;
  const requestId = error instanceof ProblemError ? error.problem?.request_id : null;
  return (
    <p role="alert" className="flex items-start gap-1.5 text-data text-fail">
      <Icon name="stop" size={14} className="mt-0.5" />
      <span>
        {textOf(error)}
        {requestId && (
          <span className="block text-caption break-all text-ink-3">{`${t.common.requestId}: ${requestId}`}</span>
        )}
      </span>
    </p>
  );
}
