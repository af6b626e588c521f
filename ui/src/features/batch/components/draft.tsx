/** Before the start: the photos that will be done, and the recipe beside them. */
import { useSpeech } from "@/shared/i18n/words";
import { PickButtons, type Pickers } from "@/shared/photos/pick-buttons";
import { Button } from "@/shared/ui/button";
import { useItemWords, type Look } from "../hooks/use-item-words";
import type { BatchRun, Snapshot } from "../run";
import { DraftCard } from "./pair-card";
import { RecipeForm } from "./recipe-form";

type DraftProps = {
  run: BatchRun;
  now: Snapshot;
  pickers: Pickers;
  lookOf: Look;
  onFolder: () => void;
};

export function Draft({ run, now, pickers, lookOf, onFolder }: DraftProps) {
  const { t } = useSpeech();
  const wordsOf = useItemWords(now, lookOf);
  const { items, batch } = now;
  const usable = items.filter(({ trouble }) => trouble === null).length;
  return (
    <>
      <main id="content" className="min-w-0 px-4 py-6 sm:px-6 md:overflow-y-auto lg:px-8">
        {now.elsewhere && (
          <p role="status" className="mb-4 rounded-control bg-warn-soft px-3 py-2.5 text-data">
            {t.batch.elsewhere}
          </p>
        )}
        {items.length === 0 ? (
          <section className="flex h-full min-h-80 flex-col items-start justify-center gap-4 bg-stage px-[72px] py-12 max-sm:px-5">
            <h1 className="text-figure font-semibold">{t.batch.emptyTitle}</h1>
            <p className="max-w-[420px] text-lead text-ink-2">{t.batch.emptyLead}</p>
            <div className="flex flex-wrap gap-3 pt-2 max-sm:w-full">
              <PickButtons pickers={pickers} />
              <FolderButton large onFolder={onFolder} />
            </div>
          </section>
        ) : (
          <section className="flex flex-col gap-5">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
              <h1 className="text-title font-semibold">{batch.title || t.batch.titleOf(items.length)}</h1>
              <div className="ml-auto flex flex-wrap gap-2 max-sm:ml-0">
                <FolderButton onFolder={onFolder} />
                <Button icon="photo" onClick={() => pickers.files.current?.click()}>
                  {t.batch.addPhotos}
                </Button>
              </div>
            </div>
            <ul className="grid grid-cols-3 gap-x-3 gap-y-4 sm:grid-cols-4 lg:grid-cols-6 xl:grid-cols-8">
              {items.map((item) => (
                <DraftCard
                  key={item.id}
                  run={run}
                  item={item}
                  problem={item.trouble === null ? null : wordsOf(item).text}
                />
              ))}
            </ul>
          </section>
        )}
      </main>
      <aside
        aria-label={t.batch.recipe}
        className="flex min-h-0 flex-col border-line bg-panel max-md:border-t md:border-l"
      >
        <RecipeForm
          recipe={batch.recipe}
          photos={usable}
          onChange={(part) => run.choose(part)}
          onStart={() => run.start()}
        />
      </aside>
    </>
  );
}

/** Phones have no folders to choose. */
function FolderButton({ large = false, onFolder }: { large?: boolean; onFolder: () => void }) {
  const { t } = useSpeech();
  return (
    <Button
      icon="folder"
      size={large ? "touch" : "normal"}
      className="max-sm:hidden pointer-coarse:hidden"
      onClick={onFolder}
    >
      {t.batch.chooseFolder}
    </Button>
  );
}
