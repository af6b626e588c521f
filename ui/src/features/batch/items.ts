/** Rules for batch items: which need review, which passed, which comes next. */
import type { Session, Variant, Schemas } from "@/api/client";

type Item = Schemas["BatchItem"];
type Batch = Schemas["Batch"];
export type Status = Item["status"];
export type Counts = Batch["counts"];

/** Filter groups in display order. */
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
/** Status of a batch to show: between its last picture and its end it only writes files. */
export const stageOf = ({ status, counts }: Pick<Batch, "status" | "counts">) =>
  status === "running" && countOf(counts, "open") === 0 ? "writing" : status;
/** True until the batch has finished. */
export const isUnderWay = (batch: Batch) => batch.finished_at === null;

/** True if the item has a picture to decide on. */
export const isDecidable = ({ status, variant_id }: Item) =>
  variant_id !== null && !isIn("failed", status) && !isIn("open", status);

/** True if the item ended without a picture of its own. Its product may have one that was made before. */
export const hasFailed = ({ status }: Item) => isIn("failed", status);

const FILES_FAILED = "export_failed";

/** True if the item failed or lacks a file and a retry can help. An instruction that was not understood stays so. */
export const isRetryable = (item: Item) =>
  (hasFailed(item) && item.error?.code !== "E_PROMPT_INVALID") || lacksFiles(item);

export const lacksFiles = ({ warnings }: Pick<Item, "warnings">) => warnings.includes(FILES_FAILED);

const SCORES = ["below_quality", "below_confidence"];

/** Reasons for a review. A low score comes last, because it says less than what caused it. */
export const reasonsOf = ({ warnings }: Pick<Item, "warnings">) =>
  warnings.toSorted((a, b) => Number(SCORES.includes(a)) - Number(SCORES.includes(b)));

/** Items that need review, then items that passed, as long as they are undecided. */
const isUndecided = (item: Item) =>
  isDecidable(item) && (item.status === "needs_review" || item.status === "succeeded");

/**
 * Returns the next item to decide on, after the current one and then from the start. Items that need review come
 * first.
 */
export function nextToReview(items: readonly Item[], after: string | null): string | null {
  const at = items.findIndex(({ id }) => id === after);
  const round = [...items.slice(at + 1), ...items.slice(0, Math.max(0, at))];
  const waiting = round.filter(isUndecided);
  return (waiting.find(({ status }) => status === "needs_review") ?? waiting[0])?.id ?? null;
}

/** Applies the changes from the event stream to the items. */
export function withChanges(items: readonly Item[], changed: ReadonlyMap<string, Item>): Item[] {
  return items.map((item) => changed.get(item.id) ?? item);
}

/** Display name of an item; null for an item without title and SKU, such as one added through the API. */
export const nameOf = ({ title, sku }: Item) => title ?? sku ?? null;

/** Candidates of a product, oldest first. */
export const candidatesOf = (session: Session): Variant[] =>
  session.variants
    .filter(({ role }) => role === "candidate")
    .toSorted((a, b) => a.image.created_at.localeCompare(b.image.created_at) || a.ordinal - b.ordinal);

/** Of the pictures that were made before an item failed, the adopted one or else the newest. */
export const earlierOf = (candidates: readonly Variant[]): Variant | undefined =>
  candidates.find(({ adopted }) => adopted) ?? candidates.at(-1);
