/** Deletes all products with everything made from them, after the user has typed a confirmation. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, unwrap } from "@/api/client";
import { codeOf } from "@/api/problems";
import { forgetProduct } from "@/shared/photos/use-outbox";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { FormDialog } from "@/shared/ui/layers/form-dialog";
import { TextField } from "@/shared/ui/text-field";

const PAGE = 100;

/** Deletes products one by one from the top of the list. Resolves with false if the signal ended it before the last. */
async function deleteAll(signal: AbortSignal, onGone: (gone: number) => void): Promise<boolean> {
  for (let gone = 0; ;) {
    const { items } = await unwrap(api.GET("/session", { params: { query: { limit: PAGE } } }));
    if (items.length === 0) return true;
    for (const { id } of items) {
      if (signal.aborted) return false;
      await unwrap(api.DELETE("/session/{session_id}", { params: { path: { session_id: id } } })).catch(
        (error: unknown) => {
          // Another tab deleted it first.
          if (codeOf(error) !== "E_NOT_FOUND") throw error;
        },
      );
      forgetProduct(id);
      gone += 1;
      onGone(gone);
    }
  }
}

export function DeleteAll() {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-b border-line py-3">
      <p className="min-w-0 flex-1 text-body">
        {t.settings.deleteAll}
        <span className="block text-data text-ink-2">{t.settings.deleteAllHint}</span>
      </p>
      <Button weight="danger" icon="remove" onClick={() => setAsking(true)}>
        {t.settings.deleteAll}
      </Button>
      {asking && <Confirm onClose={() => setAsking(false)} />}
    </div>
  );
}

function Confirm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const [gone, setGone] = useState(0);
  const going = useRef<AbortController | null>(null);
  const remove = useMutation({
    mutationFn: () => {
      going.current = new AbortController();
      return deleteAll(going.current.signal, setGone);
    },
    onSettled: () => client.clear(),
  });
  useEffect(() => () => going.current?.abort(), []);
  /** While deletion runs, closing stops it and shows the number deleted before the dialog closes. */
  const leave = () => {
    if (remove.isPending) going.current?.abort();
    else onClose();
  };
  const meant = typed.trim().toUpperCase() === t.settings.deleteWord;
  return (
    <FormDialog
      title={t.settings.deleteAll}
      action={remove.isSuccess ? null : t.settings.deleteAll}
      cancel={remove.isSuccess ? t.common.close : remove.isPending ? t.studio.stop : t.common.cancel}
      weight="danger"
      icon="remove"
      disabled={!meant || remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate()}
      onClose={leave}
    >
      {remove.isSuccess ? (
        <p role="status">{remove.data ? t.settings.deleted(gone) : t.settings.stopped(gone)}</p>
      ) : (
        <>
          <p className="text-body text-ink-2">{t.settings.deleteAllBody}</p>
          <TextField label={t.settings.deleteType(t.settings.deleteWord)} value={typed} onChange={setTyped} />
        </>
      )}
      {(remove.isPending || (remove.isError && gone > 0)) && (
        <p role="status" className="text-data text-ink-2">
          {t.settings.deleting(gone)}
        </p>
      )}
    </FormDialog>
  );
}
