import { expect, it } from "vitest";
import { enBatch } from "@/shared/i18n/messages/en/batch";
import { enLogs, enReasons } from "@/shared/i18n/messages/en/notices";
import notices from "../../../../src/stillroom/catalog/texts/notices.json";
import toldBack from "../../../../src/stillroom/catalog/texts/told_back.json";

const files = import.meta.glob<string>("../../../../src/stillroom/{application,domain,providers}/**/*.py", {
  query: "?raw",
  import: "default",
  eager: true,
});
const sourceOf = (path: string) => files[`../../../../src/stillroom/${path}`] ?? expect.fail(path);
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, code = ""]) => code);
const sorted = (codes: readonly string[]) => [...new Set(codes)].toSorted();

it("every notice of a job has a text, and every text a notice", () => {
  const sent = [
    ...Object.values(notices).flatMap((texts) => Object.keys(texts)),
    ...all(Object.values(files).join("\n"), /Notice\(\s*"(?:info|warning)",\s*"([A-Z_]+)"/g),
    ...all(sourceOf("application/jobs/journal.py"), /code="([A-Z_]+)"/g),
    ...Object.keys(toldBack.reasons).map((reason) => reason.toUpperCase()),
  ];
  expect(sorted(Object.keys(enLogs))).toEqual(sorted(sent));
});

it("every warning on a picture of a batch has a text, and every text a warning", () => {
  const lines = all(sourceOf("domain/batches/review.py"), /^[A-Z_]+(?:, [A-Z_]+)* = (".*)$/gm).join();
  expect(sorted(Object.keys(enBatch.warnings))).toEqual(sorted(all(lines, /"([a-z_]+)"/g)));
});

it("every reason that a provider failed or was not asked has a text", () => {
  const reasons = sourceOf("domain/providers/reasons.py");
  const sent = [
    ...all(reasons, /^[A-Z_]+ = "([a-z_]+)"$/gm),
    ...all(reasons, /Treatment\((?:\w+, |page=)"([a-z_]+)"/g),
    ...all(reasons, /^ {4}\(\w+, "([a-z_]+)"\),$/gm),
  ];
  expect(sent.length).toBeGreaterThan(10);
  expect(sent.filter((code) => !(code in enReasons))).toEqual([]);
});
