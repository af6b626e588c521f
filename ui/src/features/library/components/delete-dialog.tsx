/** Confirmation before a product is deleted, with a list of everything deleted with it. */
import { useQuery } from "@tanstack/react-query";
import type { Session } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { FormDialog } from "@/shared/ui/layers/form-dialog";
import { countExports, useLibraryChanges } from "../queries";

export function DeleteDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const { t } = useTranslation();
  const { remove } = useLibraryChanges();
  const count = useQuery({
    queryKey: ["export-count", session.id],
    queryFn: () => countExports(session),
    staleTime: 0,
  });
  return (
    <FormDialog
      title={t.home.deleteTitle(session.title || t.common.untitled)}
      action={t.common.remove}
      weight="danger"
      icon="remove"
      disabled={remove.isPending || count.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate(session.id, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className="text-body text-ink-2">
        {t.home.deleteBody(session.variants.length, count.isError ? null : (count.data ?? 0))}
      </p>
    </FormDialog>
  );
}
