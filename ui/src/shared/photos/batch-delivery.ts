/** Adds uploaded photos to their batches. */
import { batchRequestBounds } from "@/api/bounds.gen";
import { ProblemError } from "@/api/problems";
import { DRAFT } from "./photo-store";
import { nameOf, type UploadRow } from "./upload-row";
import type { UploadRows } from "./upload-rows";
import type { Server } from "./upload-server";
import type { Task } from "./upload-task";

/** Uploaded photos, grouped by the idempotency key of their request. */
export function deliveryGroups(rows: readonly UploadRow[]): ReadonlyMap<string, readonly Task[]> {
  const ready = rows.filter(({ state, task }) => state === "ready" && task.batch !== DRAFT);
  const groups = new Map<string, Task[]>();
  for (const [place, { task }] of ready.entries()) {
    task.requestKey ??= `${task.batch ?? ""}.${ready[place - (place % batchRequestBounds.items.maxItems)]?.id ?? task.id}`;
    groups.set(task.requestKey, [...(groups.get(task.requestKey) ?? []), task]);
  }
  return groups;
}

/** Adds photos to their batch. Resolves with false if the request failed. */
export async function deliverToBatch(
  tasks: readonly Task[],
  key: string,
  server: Server,
  rows: UploadRows,
): Promise<boolean> {
  for (const { id } of tasks) rows.set(id, { state: "opening" });
  try {
    const items = tasks.flatMap(({ image, sessionId, title, file }) =>
      image ? [{ image_id: image.id, session_id: sessionId, title: title ?? nameOf(file) }] : [],
    );
    await server.addToBatch(tasks[0]?.batch ?? "", items, key);
    return true;
  } catch (error) {
    const problem = error instanceof ProblemError ? error : new ProblemError(null);
    for (const { id } of tasks) rows.set(id, { state: "failed", error: problem });
    return false;
  }
}
