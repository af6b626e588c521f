/** Where the product is in the photo, and how people correct it. */
import { api, unwrap } from "@/api/client";
import type { Correction } from "./correction";

const ofSession = (sessionId: string) => ({ params: { path: { session_id: sessionId } } });

/** A matte to look at, and what the server says of it. */
export type Seen = { file: Blob; notices: readonly string[] };

/** The matte as a correction would make it; nothing is kept. */
export async function previewMatte(sessionId: string, body: Correction, signal: AbortSignal): Promise<Seen> {
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
