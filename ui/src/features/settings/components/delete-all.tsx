/** Deletes every product with all that was made of it, once the user has typed that this is meant. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { api, unwrap } from "@/api/client";
import { codeOf } from "@/api/problems";
import { useSpeech } from "@/shared/i18n/words";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { Dialog } from "@/shared/ui/dialog";

const PAGE = 100;

/** One after the other, from the top of the list, until there is none. */
async function deleteAll(onGone: (gone: number) => void): Promise<number> {
  for (let gone = 0; ;) {
    const { items } = await unwrap(api.GET("/session", { params: { query: { limit: PAGE } } }));
    if (items.length === 0) return gone;
    for (const { id } of items) {
      await unwrap(api.DELETE("/session/{session_id}", { params: { path: { session_id: id } } })).catch(
        (error: unknown) => {
          // Another tab was quicker.
          if (codeOf(error) !== "E_NOT_FOUND") throw error;
        },
      );
      gone += 1;
      onGone(gone);
    }
  }
}

export function DeleteAll() {
  const { t } = useSpeech();
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
  const { t } = useSpeech();
  const id = useId();
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const [gone, setGone] = useState(0);
  const remove = useMutation({
    mutationFn: () => deleteAll(setGone),
    onSettled: () => client.clear(),
  });
  const meant = typed.trim().toUpperCase() === t.settings.deleteWord;
  return (
    <Dialog title={t.settings.deleteAll} onClose={onClose}>
      <form
        className="flex flex-col gap-3 px-6 pt-4 pb-5 max-sm:px-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (meant && !remove.isPending) remove.mutate();
        }}
      >
        {remove.isSuccess ? (
          <p role="status">{t.settings.deleted(remove.data)}</p>
        ) : (
          <>
            <p className="text-body text-ink-2">{t.settings.deleteAllBody}</p>
            <label htmlFor={id}>{t.settings.deleteType(t.settings.deleteWord)}</label>
            <input
              id={id}
              value={typed}
              autoComplete="off"
              onChange={(event) => setTyped(event.target.value)}
              className="h-9 rounded-control border border-line-strong bg-field px-3 text-body pointer-coarse:h-11"
            />
          </>
        )}
        {remove.isPending && (
          <p role="status" className="text-data text-ink-2">
            {t.settings.deleting(gone)}
          </p>
        )}
        <CallProblem error={remove.error} />
        <div className="mt-2 flex justify-end gap-3">
          <Button onClick={onClose}>{remove.isSuccess ? t.common.close : t.common.cancel}</Button>
          {!remove.isSuccess && (
            <Button weight="danger" icon="remove" type="submit" disabled={!meant || remove.isPending}>
              {t.settings.deleteAll}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
