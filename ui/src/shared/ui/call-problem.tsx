/** A press that the server turned down, told where it was pressed. */
import { useQuery } from "@tanstack/react-query";
import { codeOf, known, ProblemError } from "@/api/problems";
import { configQuery } from "@/api/queries";
import { useSpeech } from "@/shared/i18n/words";
import { Icon } from "@/shared/ui/icon";

/** The catalogue's words for a code; the given ones where it has none. */
export function useErrorWords(): (code: string, otherwise: string) => string {
  const { say } = useSpeech();
  const { data: config } = useQuery(configQuery);
  return (code, otherwise) => {
    const entry = config?.errors.find((other) => other.code === code);
    return entry ? say(entry.title) : otherwise;
  };
}

/** What happened, and what to do next. */
export function useProblemText(): (error: unknown) => string {
  const { t } = useSpeech();
  const errorWords = useErrorWords();
  return (error) => {
    if (!(error instanceof ProblemError)) return t.problem.internal;
    if (!error.problem) return t.problem.network;
    const { code, title, params } = error.problem;
    // What was not understood stands in the title of this one answer, with what to say instead.
    if ("told_back" in params) return title;
    return t.problem.whatThen(errorWords(code, title), t.problem.next[known(code)]);
  };
}

type CallProblemProps = {
  error: unknown;
  /** The button itself says when it may be pressed again. */
  countdown?: boolean;
};

export function CallProblem({ error, countdown = false }: CallProblemProps) {
  const { t } = useSpeech();
  const textOf = useProblemText();
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
