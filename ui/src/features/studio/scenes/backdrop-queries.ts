/** Library of custom backdrops: list, add, and delete with undo. */
import { queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap, type Schemas } from "@/api/client";
import { upload } from "@/api/upload";
import { useConfig } from "@/shared/hooks/use-config";
import { useTranslation } from "@/shared/i18n/translation";
import { refusalOf, refusalText, trulyNamed } from "@/shared/photos/check-file";
import { useToast } from "@/shared/ui/layers/toast";
import { useSceneTranslation } from "./translation";

type Image = Schemas["Image"];

/** One page of newest backdrops, which is more than anybody scrolls through. */
const MAX_LISTED = 100;

/** Ids of images that are deleted when the toast has gone that offers to undo it. */
const pendingDeletions = new Set<string>();

export const backdropsQuery = queryOptions({
  queryKey: ["backdrops"],
  queryFn: async ({ signal }): Promise<Image[]> => {
    const { items } = await unwrap(
      api.GET("/backdrop", { params: { query: { limit: MAX_LISTED } }, signal }),
    );
    return items.filter(({ id }) => !pendingDeletions.has(id));
  },
  staleTime: 60_000,
});

const change = (client: QueryClient, next: (items: Image[]) => Image[]) =>
  client.setQueryData(backdropsQuery.queryKey, (items) => next(items ?? []));

const drop = (imageId: string, keepalive = false) =>
  unwrap(api.DELETE("/backdrop/{image_id}", { params: { path: { image_id: imageId } }, keepalive }));

// Complete pending deletions when the page is closed.
window.addEventListener("pagehide", () => {
  for (const imageId of pendingDeletions) void drop(imageId, true).catch(() => undefined);
});

/** A file that the page refuses before it is uploaded. */
class RefusedFile extends Error {}

export function useAddBackdrop(onAdded: (imageId: string) => void) {
  const client = useQueryClient();
  const { t } = useTranslation();
  const config = useConfig();
  const [percent, setPercent] = useState(0);
  const add = useMutation({
    mutationFn: async (file: File) => {
      setPercent(0);
      const refusal = await refusalOf(file, config?.limits.max_upload_bytes ?? Infinity);
      if (refusal) throw new RefusedFile(refusalText(refusal, t.upload));
      return upload(await trulyNamed(file), new AbortController().signal, setPercent, "backdrop");
    },
    onSuccess: (image) => {
      change(client, (items) => [image, ...items.filter(({ id }) => id !== image.id)]);
      onAdded(image.id);
      void client.invalidateQueries({ queryKey: backdropsQuery.queryKey });
    },
  });
  const refused = add.error instanceof RefusedFile ? add.error.message : null;
  return { add, percent, refused, problem: refused === null ? add.error : null };
}

/** Hides a backdrop at once, and deletes it when the toast has gone that offers to undo it. */
export function useRemoveBackdrop(): (image: Image) => void {
  const client = useQueryClient();
  const toast = useToast();
  const { t } = useSceneTranslation();
  const reload = () => client.invalidateQueries({ queryKey: backdropsQuery.queryKey });
  return ({ id }) => {
    const restore = () => {
      pendingDeletions.delete(id);
      void reload();
    };
    pendingDeletions.add(id);
    change(client, (items) => items.filter((other) => other.id !== id));
    toast(t.scenes.removed, {
      label: t.common.undo,
      act: restore,
      onGone: () => {
        if (!pendingDeletions.has(id)) return;
        void drop(id)
          .catch(() => toast(t.scenes.notRemoved))
          .finally(restore);
      },
    });
  };
}
