/** A job as the server tells of it. */
import type { Schemas } from "@/api/client";

type Job = Schemas["Job"];

export function jobOf(part: Partial<Job>): Job {
  return {
    id: "job_1",
    session_id: "ses_1",
    type: "optimize",
    status: "queued",
    candidates: 1,
    variants: [],
    fallbacks: [],
    cost_usd: 0,
    queue_position: 1,
    retry_of: null,
    last_error: null,
    created_at: "2026-11-01T00:00:00Z",
    ...part,
  } as Job;
}
