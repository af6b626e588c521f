/** Downloads of a batch: all files as one archive, and the table as CSV. */
import { useMutation } from "@tanstack/react-query";
import { download } from "@/shared/download";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { countOf } from "../items";
import { archiveReady, type Batch } from "../queries";
import { useBatchTranslation } from "../translation";

export function BatchFoot({ batch }: { batch: Batch }) {
  const { t } = useBatchTranslation();
  const { counts, recipe } = batch;
  const passed = countOf(counts, "passed") + countOf(counts, "approved");
  const archive = useMutation({
    mutationFn: () => archiveReady(batch.id),
    onSuccess: () => download(`/batch/${batch.id}/archive`),
  });
  return (
    <footer
      data-foot
      className="sticky bottom-0 mt-auto flex flex-col gap-2.5 border-t border-line bg-panel px-5 py-4 max-sm:px-4"
    >
      <div className="flex flex-wrap gap-2.5">
        <Button
          size="action"
          icon="download"
          className="flex-1"
          disabled={passed === 0 || recipe.presets.length === 0 || archive.isPending}
          onClick={() => archive.mutate()}
        >
          {archive.isPending ? t.batch.preparing : t.batch.archive(passed)}
        </Button>
        <Button size="action" icon="report" onClick={() => download(`/batch/${batch.id}/manifest.csv`)}>
          {t.batch.manifest}
        </Button>
      </div>
      {recipe.presets.length === 0 && <p className="text-data text-ink-2">{t.batch.noPresets}</p>}
      <CallProblem error={archive.error} />
    </footer>
  );
}
