/** A problem as the server tells it. */
import type { Schemas } from "@/api/client";

export const problem = (code: string, status: number, retryable = false): Schemas["Problem"] => ({
  type: "about:blank",
  title: code,
  status,
  detail: "",
  instance: null,
  code,
  retryable,
  request_id: "req_1",
  params: {},
});
