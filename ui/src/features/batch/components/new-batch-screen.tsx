/**
 * Form for a new batch: photos on the left; recipe, table and budget on the right. Photos upload while the user fills
 * it in.
 */
import { batchRequestBounds, itemRequestBounds } from "@/api/bounds.gen";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useLocation } from "wouter";
import { codeOf } from "@/api/problems";
import { shortened } from "@/shared/format";
import { freshKey } from "@/shared/fresh-key";
import { useDebounced } from "@/shared/hooks/use-debounced";
import { useTitle } from "@/shared/hooks/use-title";
import { DropVeil } from "@/shared/photos/drop-veil";
import { photosAmong } from "@/shared/photos/dropped-files";
import { DRAFT } from "@/shared/photos/photo-store";
import { PickInputs, usePickers } from "@/shared/photos/pick-buttons";
import { hasFailed } from "@/shared/photos/upload-row";
import { UploadList } from "@/shared/photos/upload-list";
import { usePageDrop } from "@/shared/photos/use-page-drop";
import { useOutbox } from "@/shared/photos/use-outbox";
import { usePromptLimit } from "@/shared/hooks/use-config";
import { PageBar } from "@/shared/shell/page-bar";
import { bodyOf, useDraft } from "../draft";
import { createBatch, batchesQuery, estimateQuery, recipesQuery } from "../queries";
import { useBatchTranslation } from "../translation";
import { matchRows } from "../table";
import { DraftPhotos } from "./draft-photos";
import { DraftFoot } from "./draft-foot";
import { RecipeChoice } from "./recipe-choice";
import { TableField } from "./table-field";

const { sku, title } = itemRequestBounds;
const LIMITS = { sku: sku.maxLength, title: title.maxLength };
const PAUSE_MS = 400;

export function NewBatchScreen() {
  const { t, tag } = useBatchTranslation();
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const { outbox, rows } = useOutbox(DRAFT);
  const { draft: stored, change, clear } = useDraft();
  const recipes = useQuery(recipesQuery).data;
  // A recipe that was deleted since it was chosen gives way to the form.
  const isGone = recipes !== undefined && !recipes.some(({ id }) => id === stored.recipeId);
  const draft = isGone ? { ...stored, recipeId: null } : stored;
  const pickers = usePickers();
  const folder = useRef<HTMLInputElement>(null);
  const promptLimit = usePromptLimit();
  useTitle(t.batch.newBatch);

  const photos = rows.filter((row) => !hasFailed(row));
  const { byPhoto, errors } = matchRows(draft.rows, photos, { ...LIMITS, prompt: promptLimit });
  const [opened] = useState(() => new Date());
  const today = new Intl.DateTimeFormat(tag, { month: "long", day: "numeric" }).format(opened);
  const name = draft.name.trim() || t.batch.defaultName(today);
  const ready = photos.filter(({ state }) => state === "ready");
  // Further photos are sent in later requests.
  const taken = ready.slice(0, batchRequestBounds.items.maxItems);
  const body = bodyOf(draft, taken, byPhoto, name);

  // The estimate needs only the words of each item, so any image id can stand for photos that are still uploading.
  const items = photos.slice(0, batchRequestBounds.items.maxItems).map(({ id, task: { image } }) => ({
    image_id: (image ?? ready[0]?.task.image)?.id ?? "",
    prompt: byPhoto.get(id)?.prompt ?? null,
  }));
  const isSaid =
    draft.recipeId !== null ||
    draft.choices.operation === "optimize" ||
    draft.choices.template !== null ||
    draft.choices.prompt.trim() !== "";
  const asked = useDebounced(JSON.stringify({ ...body, items }), PAUSE_MS);
  const estimate = useQuery(
    estimateQuery(
      JSON.parse(asked) as typeof body,
      ready.length > 0 && isSaid && asked.includes('"image_id":"ast'),
    ),
  );

  const begin = useMutation({
    mutationFn: ({ sent, key }: { sent: typeof body; key: string; leaving: string[] }) =>
      createBatch(sent, key),
    // The photos as they were sent: others may have arrived since, which the batch does not have yet.
    onSuccess: (batch, { leaving }) => {
      outbox.assignDraft(batch.id, leaving);
      clear();
      void client.invalidateQueries({ queryKey: batchesQuery.queryKey });
    },
    onError: (error) => {
      if (codeOf(error) === "E_IDEMPOTENCY_MISMATCH") change({ key: freshKey() });
    },
  });
  const add = (files: readonly File[], title: string | null) => {
    if (title && !draft.name) change({ name: shortened(title, batchRequestBounds.name.maxLength) });
    void outbox.add(files.map((file) => ({ file, title: null, platform: null, batch: DRAFT })));
  };
  const over = usePageDrop(({ files, folder: dropped }) => add(files, dropped));

  return (
    <div className="flex min-h-dvh flex-col md:h-[calc(100dvh-var(--lines,0px))]">
      <PageBar />
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] content-start md:grid-cols-[minmax(0,1fr)_360px] md:content-stretch xl:grid-cols-[minmax(0,1fr)_440px]">
        <main
          id="content"
          className="relative flex min-w-0 flex-col gap-5 px-4 py-6 sm:px-6 md:overflow-y-auto lg:px-8"
        >
          <UploadList
            rows={rows.filter((row) => hasFailed(row) || row.state === "offline" || row.state === "away")}
            outbox={outbox}
          />
          <DraftPhotos
            rows={photos}
            named={byPhoto}
            pickers={pickers}
            onFolder={() => folder.current?.click()}
            onRemove={(id) => {
              outbox.cancel(id);
              outbox.dismiss(id);
            }}
          />
        </main>
        <aside
          aria-label={t.batch.recipe}
          className="flex min-h-0 flex-col border-line bg-panel max-md:border-t md:border-l"
        >
          <div className="scroll-quiet flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto px-5 py-[18px] max-md:overflow-visible max-sm:px-4">
            <RecipeChoice draft={draft} onChange={change} />
            <hr className="border-line" />
            <TableField
              rows={draft.rows}
              used={byPhoto.size}
              errors={errors}
              onChange={(table) => change({ rows: table })}
            />
          </div>
          <DraftFoot
            draft={draft}
            name={name}
            photos={photos.length}
            waiting={photos.length - ready.length}
            canBegin={ready.length > 0 && isSaid && draft.choices.prompt.length <= promptLimit}
            isSaid={isSaid}
            estimate={estimate.data ?? null}
            error={begin.error ?? estimate.error}
            isBusy={begin.isPending}
            onChange={change}
            onBegin={() =>
              begin.mutate(
                {
                  ...{ sent: body, key: draft.key },
                  leaving: [...rows.filter(hasFailed), ...taken].map(({ id }) => id),
                },
                { onSuccess: ({ id }) => navigate(`/batches/${id}`) },
              )
            }
          />
        </aside>
      </div>
      <PickInputs {...pickers} onFiles={(files) => add(files, null)} />
      <input
        ref={folder}
        type="file"
        hidden
        // React has no type for this attribute.
        {...{ webkitdirectory: "" }}
        data-testid="folder-picker"
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          target.value = "";
          add(photosAmong(files), files[0]?.webkitRelativePath.split("/")[0] ?? null);
        }}
      />
      {over && <DropVeil />}
    </div>
  );
}
