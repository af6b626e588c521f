/** Events of a job as its stream tells them. */
import type { LogLine } from "@/api/feed";
import type { Schemas } from "@/api/client";

const common = { job_id: "job_1", at: "2026-01-01T00:00:00Z" };

export const progress = (seq: number, part: Partial<Schemas["ProgressEvent"]> = {}) => ({
  name: "progress" as const,
  data: {
    ...{ ...common, seq, percent: seq, stage: "matte" },
    ...{ variant: null, replaces: null, matte_url: null, edge_confidence: null },
    ...part,
  },
});

export const logLine = (seq: number, part: Partial<LogLine>): LogLine => ({
  ...{ ...common, seq, level: "info", code: "", message: part.code ?? "", model_name: null, params: {} },
  ...part,
});
