/** File upload by XMLHttpRequest, because `fetch` reports no upload progress. */
import { identity, ProblemError, problemErrorOf } from "./problems";
import { reportCall } from "./connectivity";
import type { Schemas } from "./client";

/** Uploads a photo or a custom backdrop. Rejects with a `ProblemError`, or with an `AbortError` after an abort. */
export function upload(
  file: File,
  signal: AbortSignal,
  onPercent: (percent: number) => void,
  kind: "photo" | "backdrop" = "photo",
): Promise<Schemas["UploadedImage"]> {
  return new Promise((resolve, reject) => {
    const { signIns } = identity;
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onPercent(Math.floor((event.loaded / event.total) * 100));
    };
    request.onload = () => {
      reportCall(true);
      const answer: unknown = request.response;
      if (request.status === 201) resolve(answer as Schemas["UploadedImage"]);
      else reject(problemErrorOf(answer, request.getResponseHeader("Retry-After"), signIns));
    };
    request.onerror = () => {
      reportCall(false);
      reject(new ProblemError(null));
    };
    request.onabort = () => reject(new DOMException("canceled", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", kind === "photo" ? "/upload" : `/upload?kind=${kind}`);
    request.responseType = "json";
    request.setRequestHeader("Accept-Language", document.documentElement.lang);
    request.send(body);
  });
}
