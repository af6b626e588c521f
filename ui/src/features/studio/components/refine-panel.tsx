/** Panel for refining a picture: standing wishes, history and the next instruction. */
import { useRef, type ReactNode } from "react";
import type { Variant } from "@/api/client";
import { codeOf } from "@/api/problems";
import { useOneColumn } from "@/shared/hooks/use-media";
import { useOnChange } from "@/shared/hooks/use-on-change";
import { useTranslation } from "@/shared/i18n/translation";
import { CallProblem } from "@/shared/ui/call-problem";
import { Icon } from "@/shared/ui/icon";
import { useModelChoice, usePrice } from "@/shared/recipe/use-model-choice";
import { usePhrases } from "@/shared/recipe/use-offers";
import { useInstruction } from "../instruction/use-instruction";
import { press } from "../hooks/use-runs";
import { useStudio } from "../hooks/use-studio";
import { numberOf } from "../turns";
import { ModelNotices } from "@/shared/recipe/model-notices";
import { ModelPicker } from "@/shared/recipe/model-picker";
import { PromptField } from "@/shared/recipe/prompt-field";

type RefinePanelProps = {
  /** Notices, progress and errors. In one column the field follows directly. */
  head: ReactNode;
  /** Stands on the field, so that nothing moves when it comes. */
  banner: ReactNode;
  /** Turns, scenes and wishes, from top to bottom. */
  children: ReactNode;
  onSubmitted: (jobId: string) => void;
};

export function RefinePanel({ head, banner, children, onSubmitted }: RefinePanelProps) {
  const { turns, selection } = useStudio();
  const base = selection.variant;
  const list = useRef<HTMLDivElement>(null);
  const oneColumn = useOneColumn();
  // A new turn stands at the head of the list; in one column the page scrolls to it.
  useOnChange(turns.at(-1)?.job.id, () => {
    list.current?.scrollTo({ top: 0 });
    list.current?.firstElementChild?.scrollIntoView({ block: "nearest" });
  });
  const composer = base && <Composer {...{ base, onSubmitted }} />;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div ref={list} className="scroll-quiet min-h-0 flex-1 overflow-y-auto max-md:overflow-visible">
        {head}
        {oneColumn && composer}
        {children}
      </div>
      {banner}
      {!oneColumn && composer}
    </div>
  );
}

type ComposerProps = { base: Variant; onSubmitted: (jobId: string) => void };

function Composer({ base, onSubmitted }: ComposerProps) {
  const { session, turns, runs, wait, field } = useStudio();
  const { t } = useTranslation();
  const oneColumn = useOneColumn();
  const jobs = turns.map(({ job }) => job);
  const instruction = useInstruction({
    ...{ jobs, fieldRef: field, key: `refine.${session.id}`, order: runs.refine },
    subject: { sessionId: session.id, variantId: base.id, operation: "refine" },
  });
  const { prompt, setPrompt, limit, isRefused } = instruction;
  const stopped = runs.refine.isPending || wait > 0 || prompt.trim() === "" || prompt.length > limit;
  const refusedWords = useRef<string | null>(null);
  // A later turn ends the messages about the last instruction.
  useOnChange(turns.at(-1)?.job.id, () => {
    if (refusedWords.current === prompt.trim()) setPrompt("");
    refusedWords.current = null;
    if (isRefused) runs.refine.reset();
  });
  const phrases = usePhrases("refine");
  const choice = useModelChoice();
  const routes = choice.routesOf("refine");
  const priceOf = usePrice();

  const send = () => {
    if (stopped) return;
    runs.refine.mutate(press({ base, prompt: prompt.trim(), candidates: 1, provider: choice.chosen }), {
      onSuccess: (job) => onSubmitted(job.id),
      onError: (error) => {
        if (codeOf(error) !== "E_PROMPT_INVALID") return;
        refusedWords.current = prompt.trim();
        field.current?.focus();
      },
    });
  };

  const hint = [
    ...(instruction.returned ? [t.studio.wordsReturned] : []),
    wait > 0 ? t.studio.rateLimited(wait) : t.studio.refineFrom(numberOf(base, turns), !base.adopted),
    ...(routes.some(({ provider }) => provider !== "local") ? [priceOf(routes, 1)] : []),
  ].join(t.common.dot);
  return (
    <footer className="flex shrink-0 flex-col gap-2 border-t border-line bg-panel px-5 py-4 max-md:border-t-0 max-md:border-b max-sm:px-4 max-sm:py-3">
      <ModelPicker operation="refine" choice={choice} />
      <ModelNotices jobs={jobs} />
      <PromptField
        label={t.studio.refineLabel}
        placeholder={t.studio.refinePlaceholder}
        {...instruction.field}
        phrases={phrases}
        hint={hint}
        chipsAbove={!oneColumn}
        lines={1}
        onSubmit={send}
        action={
          <button
            type="button"
            data-send
            aria-label={t.studio.send}
            title={t.studio.send}
            disabled={stopped}
            onClick={send}
            className="grid size-9 shrink-0 place-items-center rounded-control bg-accent text-accent-ink disabled:bg-hover disabled:text-ink-3 pointer-coarse:size-11"
          >
            <Icon name="send" />
          </button>
        }
      />
      <CallProblem countdown call={runs.refine} error={isRefused ? null : runs.refine.error} />
    </footer>
  );
}
