/** Queries for the matte and its corrections. */
import { api, unwrap } from "@/api/client";
import type { Correction } from "./correction";

const ofSession = (sessionId: string) => ({ params: { path: { session_id: sessionId } } });

/** Matte image with the server's notices about it. */
export type MattePreview = { file: Blob; notices: readonly string[] };

/** Fetches the matte that a correction would give, without storing it. */
export async function previewMatte(
  sessionId: string,
  body: Correction,
  signal: AbortSignal,
): Promise<MattePreview> {
  const call = api.POST("/session/{session_id}/matte", {
    ...ofSession(sessionId),
    body,
    signal,
    parseAs: "blob",
  });
  const file = (await unwrap<unknown>(call)) as Blob;
  const { response } = await call;
  return { file, notices: response.headers.get("Matte-Notices")?.split(", ") ?? [] };
}

/**
 * Applies a correction or returns to the automatic cut-out, and makes a picture again. The idempotency key prevents a
 * second job.
 */
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
