/** Uploads one photo with retries: after a lost connection it waits for the server and sends again. */
import { ProblemError } from "@/api/problems";
import { isOffline } from "@/api/connectivity";
import type { Refusal } from "./check-file";
import type { PhotoKeeper } from "./photo-keeper";
import type { UploadRows } from "./upload-rows";
import type { Server } from "./upload-server";
import { hasEnded, type Task } from "./upload-task";

/** Limit of consecutive lost requests. If the server answers other requests, retrying this one is pointless. */
const MAX_LOST = 3;

type Dependencies = { server: Server; rows: UploadRows; kept: PhotoKeeper };

/** Reason why a photo was not accepted. */
export type UploadFailure = { refusal: Refusal } | { error: ProblemError };

/** Resolves with null after success or an abort, otherwise with the reason. */
export async function sendWithRetries(
  task: Task,
  send: (task: Task) => Promise<void>,
  { server, rows, kept }: Dependencies,
): Promise<UploadFailure | null> {
  for (let lost = 1; !hasEnded(task); lost += 1) {
    try {
      await send(task);
      return null;
    } catch (error) {
      if (hasEnded(task)) break;
      const problem = error instanceof ProblemError ? error : new ProblemError(null);
      if (problem.problem !== null || lost >= MAX_LOST) return { error: problem };
      if (!(await kept.read(task))) return { refusal: { why: "unreadable" } };
      // Wait until the photo is stored, because the row then promises that it will be sent later.
      await task.keeping;
      if (hasEnded(task)) break;
      rows.set(task.id, { state: isOffline() ? "offline" : "away" });
      if (await server.untilReachable(task.abort.signal)) lost = 0;
    }
  }
  rows.set(task.id, { state: "canceled" });
  return null;
}
