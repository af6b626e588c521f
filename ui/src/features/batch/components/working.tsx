/** The batch at work: pairs of photo and result, and beside them the one to decide on. */
import { useMutation } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState, type ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { useShortcuts } from "@/shared/hooks/use-shortcuts";
import { useSpeech } from "@/shared/i18n/words";
import { Dialog } from "@/shared/ui/dialog";
import { useAnnounce } from "@/shared/ui/live-region";
import { useItemWords, type Look } from "../hooks/use-item-words";
import { countsOf, nextToReview, phaseOf } from "../list";
import type { BatchRun, Snapshot } from "../run";
import { BatchHead } from "./batch-head";
import { ExportAdopted } from "./export-adopted";
import { PairCard } from "./pair-card";
import { RecipeFacts, useRecipeLine } from "./recipe-facts";
import { ReviewPanel, type Decide } from "./review-panel";

/** How many pairs stand in a row now. */
function columns(): number {
  const grid = document.querySelector('[role="listbox"]');
  return grid ? getComputedStyle(grid).gridTemplateColumns.split(" ").length : 1;
}

type WorkingProps = {
  run: BatchRun;
  now: Snapshot;
  phone: boolean;
  lookOf: Look;
  renderMarks: (variant: Schemas["Variant"]) => ReactNode;
  onAdd: () => void;
};

export function Working({ run, now, phone, lookOf, renderMarks, onAdd }: WorkingProps) {
  const { t } = useSpeech();
  const announce = useAnnounce();
  const [selected, select] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const recipeLine = useRecipeLine();
  const wordsOf = useItemWords(now, lookOf);
  const { items, sending } = now;
  const counts = countsOf(items, sending);
  const at = items.findIndex(({ id }) => id === selected);
  const item = items[at] ?? null;
  const phase = item && phaseOf(item, sending);

  // The review starts as soon as one is ready, and never moves what somebody looks at.
  const first = selected === null ? nextToReview(items, null, sending) : null;
  if (first !== null) select(first);

  const tell = useEffectEvent(() => counts.done > 0 && announce(t.batch.done(counts.done, counts.all)));
  useEffect(() => void tell(), [counts.done]);

  const move = (to: string | null) => {
    if (to === null) return;
    select(to);
    const option = document.querySelector<HTMLElement>(`[data-item="${to}"]`);
    option?.scrollIntoView({ block: "nearest" });
    if (option?.parentElement?.contains(document.activeElement)) option.focus();
  };
  const onward = () => move(nextToReview(run.snapshot().items, selected, run.snapshot().sending));
  const adopting = useMutation({ mutationFn: (id: string) => run.adopt(id), onSuccess: onward });
  const ready = item !== null && phase === "done" && !now.elsewhere;
  const decide: Decide = {
    adopt: () => ready && !adopting.isPending && adopting.mutate(item.id),
    redo: () => {
      if (!ready) return;
      run.redo(item.id);
      onward();
    },
    next: () => ready && run.nextCandidate(item.id),
    skip: () => {
      if (!ready) return;
      run.skip(item.id);
      onward();
    },
  };
  const step = (by: () => number) => (event: KeyboardEvent) => {
    // Radios and lists use the arrows themselves.
    if (event.target instanceof HTMLInputElement) return false;
    move(items[Math.min(items.length - 1, Math.max(0, at + by()))]?.id ?? null);
    return true;
  };
  useShortcuts({
    a: decide.adopt,
    r: decide.redo,
    n: decide.next,
    s: decide.skip,
    ArrowRight: step(() => 1),
    ArrowLeft: step(() => -1),
    ArrowDown: step(columns),
    ArrowUp: step(() => -columns()),
  });

  const review = (
    <ReviewPanel
      item={item}
      phase={phase}
      words={item && wordsOf(item)}
      place={at + 1}
      left={counts.toReview}
      open={counts.all - counts.done - counts.failed}
      adopting={adopting}
      decide={decide}
      renderMarks={renderMarks}
    />
  );
  return (
    <>
      <main id="content" className="flex min-w-0 flex-col gap-4 px-4 py-5 sm:px-6 md:overflow-y-auto lg:px-8">
        <BatchHead run={run} now={now} counts={counts} recipe={recipeLine(now.batch.recipe)} onAdd={onAdd} />
        <div
          role="listbox"
          aria-label={t.batch.pairs}
          aria-describedby="batch-keys"
          className="-mx-1 grid grid-cols-2 gap-x-2 gap-y-4 sm:grid-cols-3 lg:grid-cols-5 xl:grid-cols-6"
        >
          {items.map((each, index) => {
            const words = wordsOf(each);
            const feed = now.feeds.get(each.job?.id ?? "");
            return (
              <PairCard
                key={each.id}
                run={run}
                item={each}
                phase={phaseOf(each, sending)}
                percent={feed?.percent ?? 0}
                words={words.text}
                tone={words.tone}
                selected={each.id === selected}
                focusable={each.id === selected || (selected === null && index === 0)}
                onSelect={(id) => {
                  select(id);
                  setOpen(true);
                }}
              />
            );
          })}
        </div>
        <p id="batch-keys" className="sr-only">
          {t.batch.keys}
        </p>
      </main>
      <aside
        aria-label={t.batch.review}
        className="scroll-quiet flex min-h-0 flex-col border-line bg-panel max-md:border-t md:overflow-y-auto md:border-l"
      >
        {!phone && review}
        <RecipeFacts recipe={now.batch.recipe} />
        <div className="sticky bottom-0 mt-auto bg-panel">
          <ExportAdopted items={items} platform={now.batch.recipe.platform} />
        </div>
      </aside>
      {phone && open && item && (
        <Dialog size="sheet" title={item.name || t.common.untitled} onClose={() => setOpen(false)}>
          <div className="overflow-y-auto">{review}</div>
        </Dialog>
      )}
    </>
  );
}
