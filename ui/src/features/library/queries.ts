/** Queries for the product list, and actions on a product. */
import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap, type Session } from "@/api/client";
import { forgetProduct } from "@/shared/photos/use-outbox";
import { cacheChanged, fetchExports, isActive } from "@/api/queries";

const PAGE = 40;
const BUSY_REFRESH_MS = 5_000;

export const sessionsQuery = infiniteQueryOptions({
  queryKey: ["sessions"],
  initialPageParam: null as string | null,
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET("/session", {
        params: { query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
        signal,
      }),
    ),
  getNextPageParam: (page) => page.next_cursor,
  refetchInterval: ({ state }) => {
    const busy = state.data?.pages.some((page) => page.items.some((session) => session.jobs.some(isActive)));
    return busy ? BUSY_REFRESH_MS : false;
  },
});

/** Counts the exported files that are deleted with a product. */
export async function countExports(session: Session): Promise<number> {
  const files = await Promise.all(session.variants.map(({ id }) => fetchExports(id)));
  return files.flat().length;
}

export function useLibraryChanges() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  const rename = useMutation({
    mutationFn: ({ id, title }: { id: string; title: string }) =>
      unwrap(api.PATCH("/session/{session_id}", { params: { path: { session_id: id } }, body: { title } })),
    onSuccess: (session) => {
      cacheChanged(client, session);
      return refresh();
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/session/{session_id}", { params: { path: { session_id: id } } })),
    onSuccess: (_nothing, id) => {
      forgetProduct(id);
      client.removeQueries({ queryKey: ["session", id] });
      return refresh();
    },
  });
  return { rename, remove };
}
