/** Words of a batch draft that no picture will carry out, and how many photos that concerns. */
import type { Schemas } from "@/api/client";
import { RejectedClauseList } from "@/shared/instruction/rejected-clause-list";
import { Icon } from "@/shared/ui/icon";
import { useBatchTranslation } from "../translation";

type NotCarriedOutProps = {
  instructions: Schemas["BatchEstimate"]["not_carried_out"];
  /** Instruction in the form; null if the recipe is a saved one. */
  own: string | null;
  onChange: (prompt: string) => void;
};

export function NotCarriedOut({ instructions, own, onChange }: NotCarriedOutProps) {
  const { t } = useBatchTranslation();
  return (
    <div role="status">
      {instructions.length > 0 && (
        <ul className="scroll-quiet flex max-h-40 flex-col gap-2 overflow-y-auto rounded-area bg-warn-soft px-3 py-2 text-data">
          {instructions.map(({ prompt, items, fails, told_back: toldBack }) => (
            <li key={prompt} className="flex items-start gap-2">
              <Icon name="warning" className="mt-0.5 shrink-0 text-warn" />
              <div className="flex min-w-0 flex-col gap-1">
                <p className="font-medium break-words">
                  {fails ? t.batch.wordsFail(items.length, prompt) : t.batch.wordsLeftOut(items.length)}
                </p>
                <RejectedClauseList
                  toldBack={toldBack}
                  value={prompt}
                  onChange={own?.trim() === prompt ? onChange : null}
                />
              </div>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
