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

export const saveMatte = (sessionId: string, body: Correction) =>
  unwrap(api.PUT("/session/{session_id}/matte", { ...ofSession(sessionId), body }));

export const undoMatte = (sessionId: string) =>
  unwrap(api.DELETE("/session/{session_id}/matte", ofSession(sessionId)));
