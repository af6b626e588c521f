import { expect, it } from "vitest";
import { logsIn } from "@/api/job-log";

const line = (seq: number, code: string, words = "a\n\nb") =>
  `id: ${seq}\nevent: log\ndata: ${JSON.stringify({ job_id: "job_1", seq, at: "", level: "info", code, message: "", model_name: null, params: { words: [words] } })}\n\n`;

it("the log lines of an ended job are read from its stream, in order and each once", () => {
  const stream = `retry: 1000\n\nevent: ping\ndata: {}\n\n${line(1, "NOT_UNDERSTOOD")}${line(1, "NOT_UNDERSTOOD")}${line(2, "WISH_REPLACED")}`;
  expect(logsIn(stream).map(({ code }) => code)).toEqual(["NOT_UNDERSTOOD", "WISH_REPLACED"]);
  expect(logsIn(stream)[0]?.params).toEqual({ words: ["a\n\nb"] });
});

it("a stream that tells nothing has no lines", () => {
  expect(logsIn("")).toEqual([]);
});

it("a line separator of Unicode is part of a log line", () => {
  expect(logsIn(line(1, "NOT_UNDERSTOOD", "a\u2028b"))[0]?.params).toEqual({ words: ["a\u2028b"] });
});
