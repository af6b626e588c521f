/** Error of a failed action, shown where it was triggered. */
import type { ReactNode } from "react";
import { codeOf, knownCode, ProblemError } from "@/api/problems";
import { useConfig } from "@/shared/hooks/use-config";
import { useTranslation } from "@/shared/i18n/translation";
import { Icon } from "@/shared/ui/icon";

type Failure = { code: string; title: string; params?: object };

/** Reasons and subjects of errors whose title says what to do: a disk that is full or read-only, a server that is
 * being stopped, a used-up quota, a limit. */
const TOLD_REASONS = new Set<unknown>(["full", "read_only", "stopping", "quota"]);
const LIMITED = new Set<unknown>(["side", "open_batches", "items", "recipes", "backdrops", "webhooks"]);

/** True if the title of the error itself says what to do, as for words that were not understood. */
const saysWhatToDo = (params: { told_back?: unknown; reason?: unknown; what?: unknown }) =>
  params.told_back !== undefined || TOLD_REASONS.has(params.reason) || LIMITED.has(params.what);

/** Returns a function that gives the translated title of an error. */
export function useErrorWords(): (error: Failure) => string {
  const { say } = useTranslation();
  const config = useConfig();
  return ({ code, title, params = {} }) => {
    if (saysWhatToDo(params)) return title;
    const entry = config?.errors.find((other) => other.code === code);
    return entry ? say(entry.title) : title;
  };
}

/** Returns a function that explains an error of the server: what happened and what to do next. */
export function useExplanation(): (error: Failure) => string {
  const { t } = useTranslation();
  const errorWords = useErrorWords();
  return (error) => {
    const what = errorWords(error);
    if (saysWhatToDo(error.params ?? {})) return what;
    return t.problem.whatThen(what, t.problem.next[knownCode(t.problem.next, error.code)]);
  };
}

/** Returns a function that explains a failed call. */
export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation();
  const explain = useExplanation();
  return (error) => {
    if (!(error instanceof ProblemError)) return t.problem.internal;
    if (error.problem) return explain(error.problem);
    return error.isOffline ? t.problem.offline : t.problem.network;
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
    <ErrorLine>
      {textOf(error)}
      {requestId && (
        <span className="block text-caption break-all text-ink-2">
          {t.common.labelled(t.common.requestId, requestId)}
        </span>
      )}
    </ErrorLine>
  );
}

/** Text of an error, with its sign. */
export function ErrorLine({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="flex items-start gap-1.5 text-data text-fail">
      <Icon name="stop" size={14} className="mt-0.5" />
      <span>{children}</span>
    </p>
  );
}
