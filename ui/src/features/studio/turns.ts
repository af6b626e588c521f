/** Turns of a product from its jobs, and the numbering of its pictures. */
import type { Job, Session, Variant } from "@/api/client";
import { isActive } from "@/api/queries";

export type Turn = {
  /** Counted from 1 in request order. */
  number: number;
  job: Job;
  /** Local preview first, then the candidates. */
  variants: readonly Variant[];
  active: boolean;
};

/** Position of a picture in its turn; the local preview has 0. */
export const placeOf = (variant: Variant) => (variant.role === "preview" ? 0 : variant.ordinal);

export function turnsOf(session: Session): Turn[] {
  return session.jobs
    .toSorted((a, b) => a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id))
    .map((job, index) => ({
      number: index + 1,
      job,
      variants: session.variants
        .filter((variant) => variant.job_id === job.id)
        .toSorted((a, b) => placeOf(a) - placeOf(b)),
      active: isActive(job),
    }));
}

/** Turn of a picture; null stands for the photo, which has none. */
export const turnOf = (variant: Variant | null, turns: readonly Turn[]): Turn | undefined =>
  turns.find(({ job }) => job.id === variant?.job_id);

export const jobOf = (variant: Variant | null, turns: readonly Turn[]) => turnOf(variant, turns)?.job;

/** Number of a picture such as `2.1`: turn and position. */
export const numberOf = (variant: Variant, turns: readonly Turn[]): string =>
  `${turnOf(variant, turns)?.number ?? 1}.${placeOf(variant)}`;

/** Adopted picture of a turn: a candidate, even if the preview was adopted before. */
export const adoptedOf = (turn: Turn): Variant | undefined =>
  turn.variants.findLast((variant) => variant.adopted);

/** Representative picture of a turn: the adopted one, otherwise the first candidate, otherwise the preview. */
export function chosenOf(turn: Turn): Variant | null {
  const candidates = turn.variants.filter((variant) => variant.role === "candidate");
  return adoptedOf(turn) ?? candidates[0] ?? turn.variants[0] ?? null;
}

/** Initial picture of the studio: that of the newest turn, or null. */
export function newestChosen(turns: readonly Turn[]): Variant | null {
  const turn = turns.findLast((other) => other.variants.length > 0);
  return turn ? chosenOf(turn) : null;
}

/** Number of candidates that a turn has not produced yet. */
export function missingOf(turn: Turn): number {
  const landed = turn.variants.filter((variant) => variant.role === "candidate").length;
  return Math.max(0, turn.job.candidates - landed);
}

/** Positions of a turn's pictures: those that exist, and the lowest free ones for those to come. */
export function placesOf(turn: Turn): number[] {
  const places = new Set(turn.variants.map(placeOf));
  for (let owed = missingOf(turn), place = 1; owed > 0; place += 1) {
    if (places.has(place)) continue;
    places.add(place);
    owed -= 1;
  }
  return [...places].sort((a, b) => a - b);
}

/** The failed turn to report: the selected one, otherwise the newest, unless it was retried already. */
export function stoppedTurn(turns: readonly Turn[], shown: Turn | null): Turn | null {
  if (turns.some((turn) => turn.active)) return null;
  const failed = [shown, turns.at(-1)].find((turn) => turn?.job.status === "failed") ?? null;
  return failed && turns.some((turn) => turn.job.retry_of === failed.job.id) ? null : failed;
}

/** Milliseconds from job start to the picture; 0 if unknown. */
export function durationOf(variant: Variant, job: Job | undefined): number {
  return job?.started_at ? Math.max(0, Date.parse(variant.created_at) - Date.parse(job.started_at)) : 0;
}

/** Cost of a picture in dollars. Local pictures are free, so the cloud pictures share the cost of the job. */
export function costOf(variant: Variant, job: Job | undefined): number {
  const isLocal = (other: Variant) => other.model_used.startsWith("local/");
  if (!job || isLocal(variant)) return 0;
  const paid = job.variants.filter((other) => !isLocal(other)).length;
  return paid > 0 ? job.cost_usd / paid : 0;
}

/** Providers that were tried before the one that made this picture, in order. */
export function passedOver(variant: Variant, job: Job): Job["fallbacks"] {
  if (variant.role === "preview") return [];
  const maker = variant.model_used.split("/")[0];
  const last = job.fallbacks.findLastIndex(({ to }) => to === maker);
  return job.fallbacks.slice(0, last + 1);
}
