/** What follows from the items of a batch: which wait for a person, which pass, and what comes next. */
import type { Schemas } from "@/api/client";

type Item = Schemas["BatchItem"];
type Batch = Schemas["Batch"];
export type Status = Item["status"];
export type Counts = Batch["counts"];

/** In which order the filter offers them. */
export const groups = ["all", "review", "passed", "approved", "rejected", "failed", "open"] as const;
export type Group = (typeof groups)[number];

const members: Record<Exclude<Group, "all">, readonly Status[]> = {
  review: ["needs_review"],
  passed: ["succeeded"],
  approved: ["approved"],
  rejected: ["rejected"],
  failed: ["failed", "canceled"],
  open: ["waiting", "running"],
};

export const isIn = (group: Group, status: Status) => group === "all" || members[group].includes(status);

export const countOf = (counts: Counts, group: Group) =>
  (Object.keys(counts) as Status[])
    .filter((status) => isIn(group, status))
    .reduce((sum, status) => sum + counts[status], 0);

export const isOpen = ({ status }: Batch) => status === "running" || status === "paused";
/** Something of it may still change by itself. */
export const isUnderWay = (batch: Batch) => batch.finished_at === null;

/** Has a picture that can be decided on. */
export const isDecidable = ({ status, variant_id }: Item) =>
  variant_id !== null && !isIn("failed", status) && !isIn("open", status);

const FILES_FAILED = "export_failed";

/** Has no picture, or lacks a file of it, and can be made again; words that are not understood stay so. */
export const isRetryable = (item: Item) =>
  (isIn("failed", item.status) && item.error?.code !== "E_PROMPT_INVALID") || lacksFiles(item);

export const lacksFiles = ({ warnings }: Pick<Item, "warnings">) => warnings.includes(FILES_FAILED);

/** Waits for a decision: what the rule sends to a person first, then what passed. */
const isUndecided = (item: Item) =>
  isDecidable(item) && (item.status === "needs_review" || item.status === "succeeded");

/** The next item to decide on, after the current one and then from the start; what needs a look comes first. */
export function nextToReview(items: readonly Item[], after: string | null): string | null {
  const at = items.findIndex(({ id }) => id === after);
  const round = [...items.slice(at + 1), ...items.slice(0, Math.max(0, at))];
  const waiting = round.filter(isUndecided);
  return (waiting.find(({ status }) => status === "needs_review") ?? waiting[0])?.id ?? null;
}

/** Items as they are after what the stream has told. */
export function withChanges(items: readonly Item[], changed: ReadonlyMap<string, Item>): Item[] {
  return items.map((item) => changed.get(item.id) ?? item);
}

/** A name to show; an item may have none, as one that a program has added. */
export const nameOf = ({ title, sku }: Item) => title ?? sku ?? null;

/** Candidates of a product, in the order in which they were made. */
export const candidatesOf = (session: Schemas["Session"]): Schemas["Variant"][] =>
  session.variants
    .filter(({ role }) => role === "candidate")
    .toSorted((a, b) => a.image.created_at.localeCompare(b.image.created_at) || a.ordinal - b.ordinal);
