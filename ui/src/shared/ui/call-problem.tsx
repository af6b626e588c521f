/** A press that the server turned down, told where it was pressed. */
import { useQuery } from "@tanstack/react-query";
import { ProblemError } from "@/api/problems";
import { configQuery } from "@/api/queries";
import { useSpeech } from "@/shared/i18n/words";
import { Icon } from "@/shared/ui/icon";

/** Codes that are shown at their field, as a toast, as or as a countdown instead. */
const elsewhere = new Set(["E_PROMPT_INVALID", "E_CONFLICT", "E_RATE_LIMITED"]);

/** The catalogue's words for a code; the given ones where it has none. */
export function useErrorWords(): (code: string, otherwise: string) => string {
  const { say } = useSpeech();
  const { data: config } = useQuery(configQuery);
  return (code, otherwise) => {
    const entry = config?.errors.find((other) => other.code === code);
    return entry ? say(entry.title) : otherwise;
  };
}

export function useProblemText(): (error: unknown) => string {
  const { t } = useSpeech();
  const errorWords = useErrorWords();
  return (error) => {
    if (!(error instanceof ProblemError)) return t.problem.internal;
    if (!error.problem) return t.problem.network;
    return errorWords(error.problem.code, error.problem.title);
  };
}

export function CallProblem({ error }: { error: unknown }) {
  const { t } = useSpeech();
  const textOf = useProblemText();
  if (!error) return null;
  if (error instanceof ProblemError && elsewhere.has(error.code ?? "")) return null;
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
