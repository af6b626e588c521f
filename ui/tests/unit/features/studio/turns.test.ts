// @vitest-environment jsdom
import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import {
  chosenOf,
  costOf,
  missingOf,
  newestChosen,
  numberOf,
  passedOver,
  placesOf,
  stoppedTurn,
  turnsOf,
} from "@/features/studio/turns";

type Variant = Schemas["Variant"];
type Job = Schemas["Job"];

const job = (id: string, created_at: string, part: Partial<Job> = {}) =>
  ({ id, created_at, status: "succeeded", candidates: 2, ...part }) as Job;
const variant = (id: string, job_id: string, ordinal: number, part: Partial<Variant> = {}) =>
  ({ id, job_id, ordinal, role: "candidate", adopted: false, ...part }) as Variant;
const session = (jobs: Job[], variants: Variant[]) => ({ jobs, variants }) as Schemas["Session"];

const two = session(
  [job("later", "2026-01-02"), job("first", "2026-01-01")],
  [
    variant("b", "first", 2),
    variant("a", "first", 1),
    variant("p", "first", 1, { role: "preview" }),
    variant("c", "later", 1),
  ],
);

it("turns are counted in the order they were asked for, whatever the order of the answer", () => {
  expect(turnsOf(two).map(({ number, job: { id } }) => [number, id])).toEqual([
    [1, "first"],
    [2, "later"],
  ]);
});

it("a run has a place for each picture it made or still owes, and none for what it was not asked for", () => {
  const places = (candidates: number, ...made: Variant[]) =>
    turnsOf(session([job("j", "2026-01-01", { candidates })], made)).flatMap(placesOf);
  expect(places(3)).toEqual([1, 2, 3]);
  expect(places(3, variant("c", "j", 3))).toEqual([1, 2, 3]);
  // The second candidate of an earlier run, made again.
  expect(places(1, variant("b", "j", 2))).toEqual([2]);
  expect(places(1, variant("p", "j", 1, { role: "preview" }))).toEqual([0, 1]);
});

it("the local preview is number nought of its turn and stands first", () => {
  const turns = turnsOf(two);
  expect(turns[0]?.variants.map((each) => numberOf(each, turns))).toEqual(["1.0", "1.1", "1.2"]);
});

it("a turn is shown by its adopted picture, else by its first candidate", () => {
  const [turn] = turnsOf(two);
  expect(turn && chosenOf(turn)?.id).toBe("a");
  const adopted = session(two.jobs, [variant("b", "first", 2, { adopted: true }), variant("a", "first", 1)]);
  const [again] = turnsOf(adopted);
  expect(again && chosenOf(again)?.id).toBe("b");
  const early = variant("p", "first", 1, { adopted: true, role: "preview" });
  const [later] = turnsOf(session(two.jobs, [early, ...adopted.variants]));
  expect(later && chosenOf(later)?.id).toBe("b");
});

it("the studio opens with the newest turn that has a picture", () => {
  expect(newestChosen(turnsOf(session(two.jobs, [variant("a", "first", 1)])))?.id).toBe("a");
  expect(newestChosen(turnsOf(session(two.jobs, [])))).toBeNull();
});

it("a preview does not count as a candidate that was owed", () => {
  const [turn] = turnsOf(session([job("j", "2026-01-01")], [variant("p", "j", 1, { role: "preview" })]));
  expect(turn && missingOf(turn)).toBe(2);
});

it("a failed turn is spoken of until it is tried again", () => {
  const failed = job("first", "2026-01-01", { status: "failed" });
  const turns = turnsOf(session([failed], []));
  expect(stoppedTurn(turns, null)?.job.id).toBe("first");
  const retried = job("later", "2026-01-02", { retry_of: "first" });
  expect(stoppedTurn(turnsOf(session([failed, retried], [])), null)).toBeNull();
});

it("while anything runs, the running turn has the word", () => {
  const jobs = [
    job("first", "2026-01-01", { status: "failed" }),
    job("later", "2026-01-02", { status: "running" }),
  ];
  expect(stoppedTurn(turnsOf(session(jobs, [])), null)).toBeNull();
});

it("the clouds' pictures share the bill, the preview is free, and each tells who was passed over for it", () => {
  const preview = variant("p", "j", 0, { role: "preview", model_used: "local/isnet" });
  const landed = variant("a", "j", 1, { model_used: "chatgpt/new" });
  const byHand = variant("b", "j", 2, { model_used: "local/isnet" });
  const fallbacks = [
    { from: "gemini", to: "chatgpt", reason: "rate_limited" },
    { from: "chatgpt", to: "local", reason: "timeout" },
  ];
  const paid = job("j", "2026-01-01", { cost_usd: 0.04, variants: [preview, landed, byHand], fallbacks });
  expect([preview, landed, byHand].map((each) => costOf(each, paid))).toEqual([0, 0.04, 0]);
  expect(passedOver(preview, paid)).toEqual([]);
  expect(passedOver(landed, paid)).toEqual(fallbacks.slice(0, 1));
  expect(passedOver(byHand, paid)).toEqual(fallbacks);
});
