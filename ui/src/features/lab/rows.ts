/** Rows of the lab: the cases of the chosen runs, with their pictures shuffled for a blind vote. */
import { firstImageMs } from "@/api/bounds.gen";
import type { GoldenCase, GoldenComparison, GoldenRun } from "./queries";

export const letters = ["A", "B", "C"] as const;

export const filters = ["all", "worse", "open"] as const;
export type Filter = (typeof filters)[number];
export const sorts = ["worst", "name", "slowest"] as const;
export type Sort = (typeof sorts)[number];

/** `11-28, 14:05`, the moment of a run. */
export const momentOf = (iso: string, tag: string): string =>
  new Intl.DateTimeFormat(tag, {
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(iso));

/** A picture to vote on, with its run and case. */
type Entry = { run: GoldenRun; case: GoldenCase };

export type Row = {
  name: string;
  /** The case in the first run, whose measures are shown. */
  main: GoldenCase;
  /** One per run that has the case, in shuffled order. Letters follow this order. */
  entries: Entry[];
  /** Measures that are significantly worse than in the compared run. */
  worse: string[];
};

/** Rows of the chosen runs. The first run decides which cases are shown, in the server's order, worst first. */
export function rowsOf(runs: readonly GoldenRun[], comparison: GoldenComparison | undefined): Row[] {
  const [main] = runs;
  return (main?.cases ?? []).map((one) => ({
    name: one.case,
    main: one,
    entries: shuffled(
      runs.flatMap((run) =>
        run.cases.filter((other) => other.case === one.case).map((c) => ({ run, case: c })),
      ),
      one.case,
    ),
    worse: (comparison?.changes ?? []).flatMap((change) =>
      change.is_worse && change.scope === "case" && change.about === one.case ? [change.measure] : [],
    ),
  }));
}

/**
 * Deterministic for the same case and runs, because a new order after a reload would reveal which picture is whose.
 */
function shuffled(entries: Entry[], seed: string): Entry[] {
  return [...entries].sort((a, b) => hash(seed + a.run.id) - hash(seed + b.run.id));
}

/** FNV-1a with a final mix: without it, ids that differ in the last letter would stay neighbours. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 12)) >>> 0;
}

/** Indexes of the letters with a picture; a case that failed in a run has none. */
export const placesOf = (row: Row) =>
  row.entries.flatMap(({ case: one }, place) => (one.picture_url === null ? [] : [place]));

/** True if there are pictures that this voter has not judged yet. */
export const isWaiting = (row: Row) => placesOf(row).length > 0 && votedPlace(row) === null;

/** True if this voter has already voted on exactly these pictures. */
const isVoted = (row: Row) => row.entries.every(({ case: one }) => one.voted);

/** Index of the letter that was voted for; -1 for none of them; null without a vote. */
export function votedPlace(row: Row): number | null {
  if (!isVoted(row)) return null;
  const choices = new Set(row.entries.map(({ case: one }) => one.my_vote));
  const [choice] = choices;
  // A vote cast among other runs does not apply to this comparison.
  if (choices.size !== 1 || choice === undefined) return null;
  if (choice === null) return -1;
  const place = row.entries.findIndex(({ run }) => run.id === choice);
  return place === -1 ? null : place;
}

export function shownRows(rows: readonly Row[], filter: Filter, sort: Sort): Row[] {
  const kept = rows.filter(
    (row) => filter === "all" || (filter === "worse" ? row.worse.length > 0 : isWaiting(row)),
  );
  if (sort === "name") return kept.sort((a, b) => a.name.localeCompare(b.name));
  if (sort === "slowest") return kept.sort((a, b) => firstImage(b) - firstImage(a));
  return kept;
}

const firstImage = ({ main }: Row) => main.first_image_ms ?? Infinity;

/** A share without the leading zero: `.971`. */
export const share = (value: number, digits = 3) => value.toFixed(digits).replace(/^0/, "");

export const percent = (value: number, digits = 0) => `${(value * 100).toFixed(digits)}%`;

/** Measures of a case in fixed order, formatted, each with whether it exceeds its limit. */
export function measuresOf(one: GoldenCase): { name: string; text: string; past: boolean }[] {
  const texts: [string, string | null][] = [
    ["alpha_iou", one.alpha_iou === null ? null : share(one.alpha_iou)],
    ["alpha_mae", one.alpha_mae === null ? null : share(one.alpha_mae, 4)],
    ["product_delta_e", one.product_delta_e?.toFixed(1) ?? null],
    ["label_ssim", one.label_ssim === null ? null : share(one.label_ssim)],
    ["halo", one.halo?.toFixed(1) ?? null],
    ["consistency_drift", one.consistency_drift?.toFixed(1) ?? null],
    ["first_image_ms", one.first_image_ms === null ? null : `${one.first_image_ms} ms`],
  ];
  return texts.flatMap(([name, text]) => (text === null ? [] : [{ name, text, past: isPast(one, name) }]));
}

const isPast = (one: GoldenCase, name: string) =>
  name === "first_image_ms" ? (one.first_image_ms ?? 0) > firstImageMs : one.auto_notes.includes(name);
