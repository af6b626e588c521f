/** Confirmation before a product is deleted, with a list of everything deleted with it. */
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { Dialog } from "@/shared/ui/layers/dialog";
import { countExports, useLibraryChanges } from "../queries";

export function DeleteDialog({ session, onClose }: { session: Schemas["Session"]; onClose: () => void }) {
  const { t } = useTranslation();
  const { remove } = useLibraryChanges();
  const count = useQuery({
    queryKey: ["export-count", session.id],
    queryFn: () => countExports(session),
    staleTime: 0,
  });
  return (
    <Dialog title={t.home.deleteTitle(session.title || t.common.untitled)} onClose={onClose}>
      <div className="flex flex-col gap-4 px-6 pt-4 pb-5 max-sm:px-4">
        <p className="text-body text-ink-2">
          {t.home.deleteBody(session.variants.length, count.isError ? null : (count.data ?? 0))}
        </p>
        <CallProblem error={remove.error} />
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button
            weight="danger"
            icon="remove"
            disabled={remove.isPending || count.isPending}
            onClick={() => remove.mutate(session.id, { onSuccess: onClose })}
          >
            {t.common.remove}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
