/** Where the product is in the photo, and how people correct it. */
import { queryOptions } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Correction } from "./correction";

const ofSession = (sessionId: string) => ({ params: { path: { session_id: sessionId } } });

export const matteQuery = (sessionId: string) =>
  queryOptions({
    queryKey: ["matte", sessionId],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/session/{session_id}/matte", { ...ofSession(sessionId), signal })),
    staleTime: 0,
  });

/** The matte as a correction would make it; nothing is kept. */
export const previewMatte = (sessionId: string, body: Correction, signal: AbortSignal): Promise<Blob> =>
  unwrap<unknown>(
    api.POST("/session/{session_id}/matte", { ...ofSession(sessionId), body, signal, parseAs: "blob" }),
  ) as Promise<Blob>;

/** Uses a correction, or goes back to the automatic cut-out, and makes a picture again; one key, one job. */
export function changeMatte(
  sessionId: string,
  body: Correction | null,
  variantId: string | null,
  key: string,
) {
  const params = {
    path: { session_id: sessionId },
    query: { redo: true, ...(variantId === null ? {} : { variant_id: variantId }) },
    header: { "idempotency-key": key },
  };
  return unwrap(
    body === null
      ? api.DELETE("/session/{session_id}/matte", { params })
      : api.PUT("/session/{session_id}/matte", { params, body }),
  );
}
