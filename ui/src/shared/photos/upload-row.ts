/** Row of an upload, as screens show it. */
import { sessionChangeBounds } from "@/api/bounds.gen";
import type { Session } from "@/api/client";
import type { ProblemError } from "@/api/problems";
import { shortened } from "@/shared/format";
import type { Refusal } from "./check-file";
import type { Task } from "./upload-task";

export type UploadRow = {
  id: string;
  name: string;
  preview: string;
  state:
    | "checking"
    | "waiting"
    | "offline"
    | "away"
    | "shrinking"
    | "sending"
    | "opening"
    | "ready"
    | "refused"
    | "failed"
    | "canceled"
    | "done";
  percent: number;
  refusal: Refusal | null;
  error: ProblemError | null;
  /** True if the browser could not shrink it. */
  notShrunk: boolean;
  /** Bytes before and after shrinking. */
  shrunk: { from: number; to: number } | null;
  firstFrameOnly: boolean;
  /** True if storage was full, so that closing the tab would lose it. */
  unkept: boolean;
  /** The product of the photo. */
  session: Session | null;
  /** The photo with its upload, which changes in place. */
  task: Task;
};

/** A photo that was not accepted, with the reason. */
export type FailedUpload = Pick<UploadRow, "name" | "refusal" | "error">;

/** Callbacks that are active on every screen. */
export type OutboxListener = {
  onFailures: (failures: readonly FailedUpload[]) => void;
  /** Called before the row ends, so that the product takes its place. */
  onProduct: (session: Session) => void;
  onBatch: (batch: string) => void;
};

/** File name without extension, cut to the length of a title. */
export const nameOf = ({ name }: { name: string }) =>
  shortened(name.replace(/\.[^.]+$/, ""), sessionChangeBounds.title.maxLength);

/** True if the upload ended without success. */
export const hasFailed = ({ state }: UploadRow) =>
  state === "refused" || state === "failed" || state === "canceled";

/** True if a retry can succeed: no response, a temporary error, or a missing sign-in. */
export const canRetry = ({ problem, code }: ProblemError) =>
  problem === null || problem.retryable || problem.status >= 502 || code === "E_UNAUTHORIZED";

/** Initial row of a photo. */
export function rowOf(task: Task): UploadRow {
  return {
    id: task.id,
    name: task.file.name,
    preview: task.image?.thumbnail_url ?? URL.createObjectURL(task.file),
    state: "checking",
    percent: 0,
    refusal: null,
    error: null,
    notShrunk: false,
    shrunk: null,
    firstFrameOnly: false,
    unkept: false,
    session: null,
    task,
  };
}
