/** Standing wishes of the picture shown, with the actions to change them. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap, type Session, type Variant } from "@/api/client";
import { codeOf, retryLost } from "@/api/problems";
import { cacheChanged, sessionQuery } from "@/api/queries";
import { useConfig } from "@/shared/hooks/use-config";
import { useTranslation } from "@/shared/i18n/translation";
import { useToast } from "@/shared/ui/layers/toast";
import { measuredOf } from "../measured";
import { useConflict } from "./use-runs";
import {
  changeOf,
  reworded,
  wishesOf,
  withRestored,
  withOneMore,
  without,
  type Wish,
  type WishLine,
} from "../wishes";

export function useWishes(session: Session, variant: Variant | null) {
  const client = useQueryClient();
  const config = useConfig();
  const toast = useToast();
  const { t, say } = useTranslation();
  const key = sessionQuery(session.id).queryKey;
  const wishes = wishesOf(session, variant);

  const save = useMutation({
    mutationFn: ({ lines, seen }: { lines: WishLine[]; seen: readonly Wish[] }) =>
      unwrap(
        api.PATCH("/session/{session_id}", {
          params: { path: { session_id: session.id } },
          body: changeOf(lines, seen, variant),
        }),
      ),
    retry: retryLost(),
    onSuccess: (saved) => cacheChanged(client, saved),
    onError: useConflict(session.id),
  });

  /** The current list, which may be newer than when the toast was shown. */
  const latest = () => {
    const now = client.getQueryData(key);
    return now ? wishesOf(now, variant) : wishes;
  };

  const isNewest = session.variants.at(-1)?.job_id === variant?.job_id;
  return {
    wishes,
    /** Measured properties that the picture must keep. Known only for the newest picture. */
    measured: isNewest && config ? measuredOf(session.context, t.studio.measured, config.marks.sure) : [],
    error: codeOf(save.error) === "E_CONFLICT" ? null : save.error,
    saving: save.isPending,
    edit: (id: string, text: string, onSaved: () => void) =>
      save.mutate({ lines: reworded(wishes, id, text), seen: wishes }, { onSuccess: onSaved }),
    add: (text: string, onSaved: () => void) =>
      save.mutate({ lines: withOneMore(wishes, text), seen: wishes }, { onSuccess: onSaved }),
    remove: (wish: Wish) =>
      save.mutate(
        { lines: without(wishes, wish.id), seen: wishes },
        {
          onSuccess: () =>
            toast(t.studio.wishRemoved(wish.words ? say(wish.words) : wish.text), {
              label: t.common.undo,
              act: () => save.mutate({ lines: withRestored(latest(), wish), seen: latest() }),
            }),
        },
      ),
    forget: save.reset,
  };
}

export type WishesState = ReturnType<typeof useWishes>;
