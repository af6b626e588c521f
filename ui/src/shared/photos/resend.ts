/** Sending one photo until it is in: what gets lost on the way is sent again when the server answers. */
import { ProblemError } from "@/api/problems";
import { isOffline } from "@/api/reach";
import type { Refusal } from "./check-file";
import type { PhotoKeeper } from "./photo-keeper";
import type { UploadRows } from "./upload-rows";
import type { Server } from "./upload-server";
import { hasEnded, type Task } from "./upload-task";

/** Limit of attempts; a request that fails so often while the server answers others has a reason of its own. */
const MOST_LOST = 3;

type Means = { server: Server; rows: UploadRows; kept: PhotoKeeper };

/** Why a photo did not come in. */
export type Why = { refusal: Refusal } | { error: ProblemError };

/** Resolves with null once it is in, or was called off. */
export async function sentUntilIn(
  task: Task,
  send: (task: Task) => Promise<void>,
  { server, rows, kept }: Means,
): Promise<Why | null> {
  for (let lost = 1; !hasEnded(task); lost += 1) {
    try {
      await send(task);
      return null;
    } catch (error) {
      if (hasEnded(task)) break;
      const problem = error instanceof ProblemError ? error : new ProblemError(null);
      if (problem.problem !== null || lost >= MOST_LOST) return { error: problem };
      if (!(await kept.read(task))) return { refusal: { why: "unreadable" } };
      // That it will be sent later is promised once it outlives the page.
      await task.keeping;
      if (hasEnded(task)) break;
      rows.set(task.id, { state: isOffline() ? "offline" : "away" });
      if (await server.reached(task.abort.signal)) lost = 0;
    }
  }
  rows.set(task.id, { state: "canceled" });
  return null;
}
