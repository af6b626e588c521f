/** Instruction in a field: its draft, its reading, and why the last order with it was refused. */
import { useEffect, useState, type RefObject } from "react";
import type { Job } from "@/api/client";
import { codeOf } from "@/api/problems";
import { usePromptLimit } from "@/shared/hooks/use-config";
import { useProblemText } from "@/shared/ui/call-problem";
import { onDraftSent, readDraft, writeDraft } from "./drafts";
import { ReadingLine, RefusedBanner } from "./field-messages";
import { rejectedClausesIn } from "@/shared/instruction/rejected-clauses";
import { useReading, type Subject } from "./use-reading";
import { useReturnedWords } from "./use-returned-words";

type InstructionOptions = {
  /** Key under which this tab keeps the unsent words. */
  key: string;
  subject: Subject;
  jobs: readonly Job[];
  fieldRef: RefObject<HTMLTextAreaElement | null>;
  /** The last order with an instruction of this field. */
  order: { error: unknown; variables?: { order: { prompt?: string | null } } | undefined };
};

export function useInstruction({ key, subject, jobs, fieldRef, order }: InstructionOptions) {
  const problemText = useProblemText();
  const limit = usePromptLimit();
  const [prompt, setText] = useState(() => readDraft(key));
  const setPrompt = (text: string) => {
    setText(text);
    writeDraft(key, text);
  };
  useEffect(() => onDraftSent(key, (sent) => setText((now) => (now.trim() === sent ? "" : now))), [key]);
  const returned = useReturnedWords(jobs, fieldRef, prompt, setPrompt);
  const reading = useReading(subject, prompt, limit);
  const isRefused = codeOf(order.error) === "E_PROMPT_INVALID";
  const isUnchanged = order.variables?.order.prompt === prompt.trim();
  const toldBack = isUnchanged ? rejectedClausesIn(order.error) : [];
  const isTold = toldBack.length > 0;
  const shared = { value: prompt, onChange: setPrompt };
  return {
    prompt,
    setPrompt,
    limit,
    reading,
    /** True while the field holds words that a model has refused. */
    returned,
    isRefused,
    /** Properties of the field. */
    field: {
      ...shared,
      limit,
      ref: fieldRef,
      error: isRefused && isUnchanged && !isTold ? problemText(order.error) : null,
      invalid: isTold,
      above: <RefusedBanner {...shared} toldBack={toldBack} />,
      below: <ReadingLine {...shared} reading={isTold ? null : reading} />,
    },
  };
}
