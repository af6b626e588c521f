/** Item grid of a batch with the review panel beside it. */
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from "react";
import type { Job, Session, Variant } from "@/api/client";
import { usePhone } from "@/shared/hooks/use-media";
import { useShortcuts } from "@/shared/hooks/use-shortcuts";
import { DropVeil } from "@/shared/photos/drop-veil";
import { PickInputs, usePickers } from "@/shared/photos/pick-buttons";
import { UploadList } from "@/shared/photos/upload-list";
import { useOutbox } from "@/shared/photos/use-outbox";
import { usePageDrop } from "@/shared/photos/use-page-drop";
import { Dialog } from "@/shared/ui/layers/dialog";
import { useAnnounce } from "@/shared/ui/layers/live-region";
import { useToast } from "@/shared/ui/layers/toast";
import { useBatchStream } from "../hooks/use-batch-stream";
import { useItemChoice } from "../hooks/use-item-choice";
import { useRepairs } from "../hooks/use-repairs";
import { useReview } from "../hooks/use-review";
import { countOf, isDecidable, isOpen, isRetryable, isUnderWay, nameOf, type Group } from "../items";
import type { Batch, Item } from "../queries";
import { useBatchTranslation } from "../translation";
import { BatchFoot } from "./batch-foot";
import { BatchHead } from "./batch-head";
import { ItemCard } from "./item-card";
import { RecipeFacts } from "./recipe-facts";
import { ReviewPanel, type Parts } from "./review-panel";

export type BatchWorkProps = {
  batch: Batch;
  items: Item[];
  /** Components of other features, passed in by the app. */
  parts: Parts;
  renderCutout: (props: {
    session: Session;
    variant: Variant;
    onRedo: (job: Job) => void;
    onClose: () => void;
  }) => ReactNode;
};

export function BatchWork({ batch, items, parts, renderCutout }: BatchWorkProps) {
  const { id } = batch;
  const { t } = useBatchTranslation();
  const phone = usePhone();
  const toast = useToast();
  const announce = useAnnounce();
  const pickers = usePickers();
  const connection = useBatchStream(id, isUnderWay(batch));
  const review = useReview(id);
  const repairs = useRepairs(items, review.replace);
  const { outbox, rows } = useOutbox(id);
  const [group, setGroup] = useState<Group>("all");
  const { visible, item, focusable, select, next, arrows } = useItemChoice(items, group);
  const [isShown, setShown] = useState(false);
  const [fixing, setFixing] = useState<{ session: Session; variant: Variant } | null>(null);
  /** Variant shown in the review, which may be another candidate than the item's own. */
  const shown = useRef<string | null>(null);

  const done = countOf(batch.counts, "all") - countOf(batch.counts, "open");

  const tell = useEffectEvent(() => announce(t.batch.done(done, items.length)));
  useEffect(() => {
    if (done > 0) tell();
  }, [done]);

  const ready = item !== null && isDecidable(item) ? item : null;
  const approve = () => {
    if (!ready?.variant_id) return;
    const variantId = shown.current ?? ready.variant_id;
    // The keys come here also while the buttons are disabled.
    if (ready.status === "approved" && variantId === ready.variant_id) return;
    review.approve(ready, variantId);
    next();
  };
  const approveEarlier = (variantId: string) => {
    if (!item) return;
    review.approve(item, variantId);
    next();
  };
  const reject = () => {
    if (!ready || ready.status === "rejected") return;
    review.reject(ready);
    next();
  };
  const { ArrowRight, ArrowLeft } = arrows;
  const keys = { a: approve, r: reject, z: review.undo };
  useShortcuts({ ...keys, ...arrows });
  useShortcuts(isShown && fixing === null ? { ...keys, ArrowRight, ArrowLeft } : {}, "dialog");

  const add = (files: readonly File[]) =>
    void outbox.add(files.map((file) => ({ file, title: null, platform: null, batch: id })));
  const over = usePageDrop(({ files }) => (isOpen(batch) ? add(files) : toast(t.batch.ended)));

  const panel = item && (
    <ReviewPanel
      key={item.id}
      batch={batch}
      item={item}
      place={items.indexOf(item) + 1}
      left={countOf(batch.counts, "review") + countOf(batch.counts, "passed")}
      isNamed={phone}
      isRepairing={repairs.isUnderWay(item)}
      isBusy={review.isBusy}
      parts={parts}
      onShow={(variantId) => (shown.current = variantId)}
      onApprove={approve}
      onReject={reject}
      onUseEarlier={approveEarlier}
      onUndo={review.canUndo ? review.undo : null}
      onFix={(session, variant) => setFixing({ session, variant })}
    />
  );
  return (
    <div className="flex flex-1 flex-col md:grid md:min-h-0 md:grid-cols-[minmax(0,1fr)_380px] xl:grid-cols-[minmax(0,1fr)_520px]">
      <main
        id="content"
        className="relative flex min-w-0 flex-col gap-4 px-4 py-5 sm:px-6 md:overflow-y-auto lg:px-8"
      >
        <BatchHead
          batch={batch}
          lost={connection === "lost"}
          done={review.done}
          failed={items.filter(isRetryable).length}
          group={group}
          onGroup={setGroup}
          onAdd={() => pickers.files.current?.click()}
          onApproveAll={() => review.approveAll(items.filter(({ status }) => status === "succeeded"))}
          isBusy={review.isBusy}
        />
        <UploadList rows={rows} outbox={outbox} />
        {visible.length === 0 ? (
          <p className="py-10 text-center text-body text-ink-2">{t.batch.nothingHere}</p>
        ) : (
          <div
            role="listbox"
            aria-label={t.batch.pairs}
            aria-describedby="batch-keys"
            className="-mx-1 grid grid-cols-2 gap-x-2 gap-y-4 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-5"
          >
            {visible.map((each) => (
              <ItemCard
                key={each.id}
                item={each}
                number={items.indexOf(each) + 1}
                selected={each.id === item?.id}
                focusable={each.id === focusable}
                onSelect={(to) => {
                  select(to);
                  setShown(true);
                }}
              />
            ))}
          </div>
        )}
        <p id="batch-keys" className="sr-only">
          {t.batch.keys}
        </p>
      </main>
      <aside
        aria-label={t.batch.review}
        // In one column its foot sticks to the window beside the grid as well.
        className="scroll-quiet border-line bg-panel max-md:contents md:flex md:min-h-0 md:flex-col md:overflow-y-auto md:border-l"
      >
        {!phone && (panel ?? <p className="px-5 py-8 text-body text-ink-2">{t.batch.reviewSoon}</p>)}
        <section className="border-t border-line px-5 py-4 max-md:bg-panel max-sm:px-4">
          <h2 className="pb-2 text-body font-semibold">{batch.recipe.name || t.batch.recipeOf}</h2>
          <RecipeFacts recipe={batch.recipe} budget={batch.budget_usd} />
        </section>
        <BatchFoot batch={batch} />
      </aside>
      {phone && isShown && item && (
        <Dialog
          size="full"
          title={nameOf(item) ?? t.batch.photo(items.indexOf(item) + 1)}
          onClose={() => setShown(false)}
        >
          <div className="relative min-h-0 flex-1 overflow-y-auto">{panel}</div>
        </Dialog>
      )}
      {fixing &&
        renderCutout({
          ...fixing,
          onRedo: (job) => {
            if (item) repairs.follow(item, job);
          },
          onClose: () => setFixing(null),
        })}
      <PickInputs {...pickers} onFiles={add} />
      {over && <DropVeil />}
    </div>
  );
}
