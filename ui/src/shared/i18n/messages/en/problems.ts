/** English words for what to do after an error, by its code; what happened is said in the server's words. */
import type { ErrorCode } from "@/api/problems";

export const enProblems: Record<ErrorCode, string> = {
  E_AI_MODEL_UNAVAILABLE: "Retry in a minute, or let this machine do it.",
  E_AI_RATE_LIMITED: "Retry in a minute, or let this machine do it.",
  E_AI_TIMEOUT: "Retry, or let this machine do it.",
  E_AI_CONTENT_REFUSED: "Change the words, then run it again.",
  E_AI_AUTH: "Keys are set on the server; the settings show which one is refused.",
  E_PROMPT_INVALID: "Change the words, then send again.",
  E_INPUT_TOO_LARGE: "Shrink and send it, or choose another photo.",
  E_INPUT_UNSUPPORTED: "Choose another photo: JPEG, PNG, WebP, AVIF, HEIC, TIFF or GIF.",
  E_INPUT_CORRUPT: "Choose another photo, or save this one anew.",
  E_STORAGE_IO: "Retry in a moment.",
  E_RATE_LIMITED: "Wait a moment, then press again.",
  E_NOT_FOUND: "It may have been deleted. The products show what is there.",
  E_UNAUTHORIZED: "Enter your token.",
  E_CONFLICT: "It changed elsewhere. Look at it as it is now, then decide.",
  E_IDEMPOTENCY_MISMATCH: "Press once more.",
  E_VALIDATION: "Change what you entered, then send again.",
  E_WORKER_LOST: "Retry. If it stops again, the report tells the operator why.",
  E_INTERNAL: "Retry. If it happens again, give the operator the number below.",
};
