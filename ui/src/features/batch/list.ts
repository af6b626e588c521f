/** One recipe and the photos it is done to: what the list knows of each, and what follows from that. */
import type { Schemas } from "@/api/client";
import { isActive } from "@/api/queries";
import type { Refusal } from "@/shared/photos/check-file";

type Job = Schemas["Job"];
type Variant = Schemas["Variant"];

export type Recipe = {
  operation: Schemas["EditRequest"]["operation"];
  template: string | null;
  prompt: string;
  candidates: number;
  /** Null leaves the choice to the server. */
  provider: string | null;
  platform: string | null;
  /** What the pictures may cost together, in USD. */
  budget: number | null;
};

export const firstRecipe: Recipe = {
  operation: "optimize",
  template: null,
  prompt: "",
  candidates: 1,
  provider: null,
  platform: null,
  budget: null,
};

/** Why an item did not come to be: a file that is no photo, what the server said, or a photo the browser let go. */
export type Trouble =
  | { why: "refused"; refusal: Refusal }
  | { why: "problem"; code: string; title: string; retryable: boolean }
  | { why: "lost" };

export type Item = {
  /** Also names its photo in the store. */
  id: string;
  /** The order of the files. */
  place: number;
  name: string;
  /** Stays the same until the server has answered, so that nothing is made or paid for twice. */
  idempotencyKey: string;
  imageId: string | null;
  sessionId: string | null;
  thumbnailUrl: string | null;
  /** As last heard of; the server knows better. */
  job: Job | null;
  /** What earlier jobs of this item cost. */
  spentBefore: number;
  /** Wants to be sent: for the first time, or again. */
  due: "first" | "retry" | "redo" | null;
  trouble: Trouble | null;
  /** Whether only this machine may make it, as the budget is used up; null until it is sent. */
  confined: boolean | null;
  /** The picture that was last adopted here; the server keeps every adopted one. */
  adoptedId: string | null;
  /** The candidate on show, counted from 0. */
  shown: number;
  skipped: boolean;
};

export type Batch = { title: string; recipe: Recipe; started: boolean; paused: boolean };

export type Phase = "waiting" | "sending" | "queued" | "running" | "done" | "failed";

/** Where an item stands; `sending` are those this page is busy with. */
export function phaseOf(item: Item, sending: ReadonlySet<string>): Phase {
  if (sending.has(item.id)) return "sending";
  if (item.due !== null) return "waiting";
  if (item.trouble !== null) return "failed";
  switch (item.job?.status) {
    case "running":
      return "running";
    case "succeeded":
      return "done";
    case "failed":
    case "canceled":
      // Some candidates are better than none; the studio offers the rest.
      return candidatesOf(item).length > 0 ? "done" : "failed";
    default:
      return "queued";
  }
}

export const isOpen = (item: Item) => item.job !== null && item.due === null && isActive(item.job);

export const candidatesOf = (item: Item): Variant[] =>
  (item.job?.variants ?? [])
    .filter(({ role }) => role === "candidate")
    .toSorted((a, b) => a.ordinal - b.ordinal);

/** The candidate that the review shows. */
export function shownOf(item: Item): Variant | null {
  const candidates = candidatesOf(item);
  return candidates[item.shown] ?? candidates[0] ?? null;
}

/** The one that was chosen last; one that was only ever adopted in the studio counts too. */
export function adoptedOf(item: Item): Variant | null {
  const candidates = candidatesOf(item);
  return (
    candidates.find(({ id }) => id === item.adoptedId) ?? candidates.find(({ adopted }) => adopted) ?? null
  );
}

/** The picture that stands for an item: the adopted one, else the one on show. */
export const pictureOf = (item: Item): Variant | null => adoptedOf(item) ?? shownOf(item);

/** Ready, and nobody has decided yet. */
export const wantsReview = (item: Item, phase: Phase) =>
  phase === "done" && !item.skipped && adoptedOf(item) === null;

/** The next item to decide on, after the current one and then from the start; null when all is decided. */
export function nextToReview(items: readonly Item[], after: string | null, sending: ReadonlySet<string>) {
  const at = items.findIndex(({ id }) => id === after);
  const round = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return round.find((item) => wantsReview(item, phaseOf(item, sending)))?.id ?? null;
}

export type Counts = Record<Phase, number> & { all: number; adopted: number; toReview: number };

export function countsOf(items: readonly Item[], sending: ReadonlySet<string>): Counts {
  const counts: Counts = {
    waiting: 0,
    sending: 0,
    queued: 0,
    running: 0,
    done: 0,
    failed: 0,
    all: items.length,
    adopted: 0,
    toReview: 0,
  };
  for (const item of items) {
    const phase = phaseOf(item, sending);
    counts[phase] += 1;
    if (adoptedOf(item)) counts.adopted += 1;
    if (wantsReview(item, phase)) counts.toReview += 1;
  }
  return counts;
}

export const costOf = (items: readonly Item[]) =>
  items.reduce((sum, { job, spentBefore }) => sum + spentBefore + (job?.cost_usd ?? 0), 0);

/** Whether models were passed over because the batch's or the day's money is spent. */
export const isOverBudget = (items: readonly Item[]) =>
  items.some(
    ({ job, confined }) => confined === true || job?.fallbacks.some(({ reason }) => reason === "over_budget"),
  );

/** Whether the budget holds for all that is under way, each of which may cost `most`. */
export function isWithinBudget(
  { budget }: Recipe,
  items: readonly Item[],
  sending: ReadonlySet<string>,
  most: number,
): boolean {
  if (budget === null) return true;
  const underWay = items.filter((item) => !item.confined && (isOpen(item) || sending.has(item.id))).length;
  return costOf(items) + underWay * most <= budget;
}

const REMEMBERED = 10;
const FEWEST = 3;

/** Milliseconds until `left` more are done, at the pace of the last ten; null while too few were seen. */
export function timeLeft(finishedAt: readonly number[], left: number): number | null {
  const last = finishedAt.slice(-REMEMBERED);
  const [first, end] = [last[0], last.at(-1)];
  if (last.length < FEWEST || first === undefined || end === undefined) return null;
  return ((end - first) / (last.length - 1)) * left;
}

/** What can be tried again: a file that is no photo will be none the next time either. */
export const isRetryableItem = (item: Item, phase: Phase) =>
  phase === "failed" && (item.trouble === null || (item.trouble.why === "problem" && item.trouble.retryable));
