/**
 * Instruction of one item. Saving a changed one makes only this item again. Unsaved words are kept for the tab, because
 * selecting another item closes the field.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { codeOf } from "@/api/problems";
import { readStored, writeStored } from "@/shared/browser-storage";
import { PromptField } from "@/shared/recipe/prompt-field";
import { useSingleMutation } from "@/shared/hooks/use-single-mutation";
import { usePromptLimit } from "@/shared/hooks/use-config";
import { Button } from "@/shared/ui/button";
import { CallProblem, useProblemText } from "@/shared/ui/call-problem";
import { useToast } from "@/shared/ui/layers/toast";
import { withChanges } from "../items";
import { batchQuery, decideItem, itemsQuery, type Batch, type Item } from "../queries";
import { useBatchTranslation } from "../translation";

const keyOf = ({ id }: Item) => `draft.item.${id}`;

type ItemWordsProps = { batch: Batch; item: Item };

export function ItemWords({ batch, item }: ItemWordsProps) {
  const { t } = useBatchTranslation();
  const [open, setOpen] = useState<"restored" | "pressed" | null>(() =>
    readStored("sessionStorage", keyOf(item)) === null ? null : "restored",
  );
  const words = item.prompt ?? batch.recipe.prompt ?? "";
  const close = () => {
    writeStored("sessionStorage", keyOf(item), null);
    setOpen(null);
  };
  if (open) {
    const field = { batch, item, words, takesFocus: open === "pressed" };
    return <Rewording {...field} onClose={close} />;
  }
  if (item.status === "running") return null;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-data">
      {words && <p className="min-w-0 break-words text-ink-2">{t.batch.wordsNow(words)}</p>}
      <Button size="small" icon="edit" onClick={() => setOpen("pressed")}>
        {t.batch.changeWords}
      </Button>
    </div>
  );
}

type RewordingProps = ItemWordsProps & {
  words: string;
  /** False for a field that opens by itself, which must leave the keys to the review. */
  takesFocus: boolean;
  onClose: () => void;
};

function Rewording({ batch, item, words, takesFocus, onClose }: RewordingProps) {
  const { t } = useBatchTranslation();
  const client = useQueryClient();
  const toast = useToast();
  const problemText = useProblemText();
  const limit = usePromptLimit();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => readStored("sessionStorage", keyOf(item)) ?? words);
  useEffect(() => {
    if (takesFocus) field.current?.focus();
  }, [takesFocus]);
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
  const isUsable = item.status !== "running" && text.trim() !== words.trim() && text.length <= limit;
  const stopped = change.isPending || !isUsable;
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
        onChange={(typed) => {
          setText(typed);
          writeStored("sessionStorage", keyOf(item), typed);
        }}
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
