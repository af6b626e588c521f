/** Instruction of one item. Saving a changed one makes only this item again. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { codeOf } from "@/api/problems";
import { PromptField } from "@/shared/recipe/prompt-field";
import { useSingleMutation } from "@/shared/hooks/use-single-mutation";
import { usePromptLimit } from "@/shared/hooks/use-config";
import { Button } from "@/shared/ui/button";
import { CallProblem, useProblemText } from "@/shared/ui/call-problem";
import { useToast } from "@/shared/ui/layers/toast";
import { withChanges } from "../items";
import { batchQuery, decideItem, itemsQuery, type Batch, type Item } from "../queries";
import { useBatchTranslation } from "../translation";

type ItemWordsProps = { batch: Batch; item: Item };

export function ItemWords({ batch, item }: ItemWordsProps) {
  const { t } = useBatchTranslation();
  const [isOpen, setOpen] = useState(false);
  const words = item.prompt ?? batch.recipe.prompt ?? "";
  if (item.status === "running") return null;
  if (isOpen) return <Rewording batch={batch} item={item} words={words} onClose={() => setOpen(false)} />;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-data">
      {words && <p className="min-w-0 break-words text-ink-2">{t.batch.wordsNow(words)}</p>}
      <Button size="small" icon="edit" onClick={() => setOpen(true)}>
        {t.batch.changeWords}
      </Button>
    </div>
  );
}

type RewordingProps = ItemWordsProps & { words: string; onClose: () => void };

function Rewording({ batch, item, words, onClose }: RewordingProps) {
  const { t } = useBatchTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const problemText = useProblemText();
  const limit = usePromptLimit();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(words);
  useEffect(() => field.current?.focus(), []);
  const change = useSingleMutation({
    mutationFn: (prompt: string) => decideItem(batch.id, item.id, { prompt }),
    onSuccess: (now) => {
      client.setQueryData(itemsQuery(batch.id).queryKey, (items) =>
        items ? withChanges(items, new Map([[now.id, now]])) : items,
      );
      toast(t.batch.reworded);
      onClose();
      // A finished batch becomes open again, so its stream must be followed.
      return client.invalidateQueries({ queryKey: batchQuery(batch.id).queryKey, exact: true });
    },
    onError: () => field.current?.focus(),
  });
  const isRefused = codeOf(change.error) === "E_PROMPT_INVALID";
  const stopped = change.isPending || text.trim() === words.trim() || text.length > limit;
  const send = () => {
    // An unchanged recipe prompt is not stored as the item's own instruction.
    if (!stopped) change.mutate(text.trim() === batch.recipe.prompt ? "" : text.trim());
  };
  return (
    <div className="flex flex-col gap-2.5">
      <PromptField
        ref={field}
        label={t.batch.words}
        placeholder={t.batch.wordsPlaceholder}
        value={text}
        limit={limit}
        phrases={[]}
        hint={t.batch.wordsHint}
        error={isRefused ? problemText(change.error) : null}
        onChange={setText}
        onSubmit={send}
      />
      <CallProblem error={isRefused ? null : change.error} />
      <div className="flex justify-end gap-2.5">
        <Button disabled={change.isPending} onClick={onClose}>
          {t.common.cancel}
        </Button>
        <Button icon="retry" disabled={stopped} onClick={send}>
          {t.batch.makeAgain}
        </Button>
      </div>
    </div>
  );
}
