// @vitest-environment jsdom
import { QueryClient } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { jobLogQuery, logsIn } from "@/api/job-log";

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

it("a log that the server refused is asked for again", async () => {
  const answers = [new Response("busy", { status: 503 }), new Response(line(1, "NOT_UNDERSTOOD"))];
  vi.stubGlobal("fetch", () => Promise.resolve(answers.shift()));
  const client = new QueryClient();
  await expect(client.query(jobLogQuery("job_1"))).rejects.toThrow();
  expect(await client.query(jobLogQuery("job_1"))).toHaveLength(1);
});
