/** Photos on their way in: checked, sent, each opened as a product. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import type { Schemas } from "@/api/client";
import { ProblemError } from "@/api/problems";
import { upload } from "@/api/upload";
import { refusalOf, type Refusal } from "@/shared/photos/check-file";
import { shrunk } from "@/shared/photos/shrink";
import { openSession, sessionsQuery } from "../queries";

export type UploadRow = {
  key: number;
  name: string;
  preview: string;
  state:
    | "checking"
    | "waiting"
    | "offline"
    | "shrinking"
    | "sending"
    | "opening"
    | "refused"
    | "failed"
    | "canceled"
    | "done";
  percent: number;
  refusal: Refusal | null;
  error: ProblemError | null;
  /** The browser could not open it to make it smaller. */
  unreadable: boolean;
  /** Bytes before and after it was made smaller here. */
  shrunk: { from: number; to: number } | null;
  firstFrameOnly: boolean;
  /** The product it became. */
  session: Schemas["Session"] | null;
};

export type Incoming = { file: File; title: string | null };

type Limits = { maxBytes: number; maxSide: number };
type Task = Incoming & { key: number; abort: AbortController };

/** Two at a time: the server decodes each in full, and the first should be there soon. */
const AT_ONCE = 2;

const hasEnded = ({ signal }: AbortController) => signal.aborted;

/** Resolves when there is a network again, or when nobody waits for it any more. */
const network = ({ signal }: AbortController) =>
  new Promise<void>((resolve) => {
    if (navigator.onLine || signal.aborted) {
      resolve();
      return;
    }
    window.addEventListener("online", () => resolve(), { once: true, signal });
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

export function useUploads({ maxBytes, maxSide }: Limits, onOnly: (session: Schemas["Session"]) => void) {
  const client = useQueryClient();
  const [rows, setRows] = useState<UploadRow[]>([]);
  const tasks = useRef(new Map<number, Task>());
  const nextKey = useRef(0);

  const set = useCallback(
    (key: number, part: Partial<UploadRow>) =>
      setRows((all) => all.map((row) => (row.key === key ? { ...row, ...part } : row))),
    [],
  );

  /** Sends one; what the network loses on the way is sent again when it is back. */
  const send = useCallback(
    async ({ file, title, key, abort }: Task): Promise<Schemas["Session"] | null> => {
      for (;;) {
        if (!navigator.onLine) set(key, { state: "offline" });
        await network(abort);
        if (hasEnded(abort)) return null;
        set(key, { state: "sending", percent: 0 });
        try {
          const image = await upload(file, abort.signal, (percent) => set(key, { percent }));
          set(key, { state: "opening", percent: 100, firstFrameOnly: image.first_frame_only });
          const session = await openSession({ image_id: image.id, ...(title === null ? {} : { title }) });
          set(key, { state: "done", session });
          tasks.current.delete(key);
          return session;
        } catch (error) {
          if (hasEnded(abort)) {
            set(key, { state: "canceled" });
            return null;
          }
          const problem = error instanceof ProblemError ? error : new ProblemError(null);
          if (problem.problem === null && !navigator.onLine) continue;
          set(key, { state: "failed", error: problem });
          return null;
        }
      }
    },
    [set],
  );

  const refresh = useCallback(() => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }), [client]);

  const add = useCallback(
    async (incoming: Incoming[]) => {
      const all = incoming.map((one): Task => ({
        ...one,
        key: nextKey.current++,
        abort: new AbortController(),
      }));
      setRows((rows) => [
        ...rows.filter((row) => row.state !== "done"),
        ...all.map(({ file, key }): UploadRow => ({
          key,
          name: file.name,
          preview: URL.createObjectURL(file),
          state: "checking",
          percent: 0,
          refusal: null,
          error: null,
          unreadable: false,
          shrunk: null,
          firstFrameOnly: false,
          session: null,
        })),
      ]);
      const queue: Task[] = [];
      for (const task of all) {
        tasks.current.set(task.key, task);
        const refusal = await refusalOf(task.file, maxBytes);
        if (refusal) set(task.key, { state: "refused", refusal });
        else queue.push(task);
        if (!refusal) set(task.key, { state: "waiting" });
      }
      const only = all.length === 1;
      const work = async () => {
        for (let task = queue.shift(); task; task = queue.shift()) {
          const session = await send(task);
          if (session && only) onOnly(session);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      await refresh();
    },
    [maxBytes, onOnly, refresh, send, set],
  );

  /** Sends a photo that was too large, or that failed for no fault of its own, once more. */
  const again = useCallback(
    async (key: number, smaller: boolean) => {
      const before = tasks.current.get(key);
      if (!before) return;
      const task = { ...before, abort: new AbortController() };
      if (smaller) {
        set(key, { state: "shrinking", refusal: null, error: null });
        try {
          task.file = await shrunk(before.file, maxSide, maxBytes);
        } catch {
          set(key, { state: "failed", unreadable: true });
          return;
        }
        set(key, { shrunk: { from: before.file.size, to: task.file.size } });
      }
      tasks.current.set(key, task);
      set(key, { error: null, refusal: null });
      const session = await send(task);
      await refresh();
      if (session && tasks.current.size === 0) onOnly(session);
    },
    [maxBytes, maxSide, onOnly, refresh, send, set],
  );

  const cancel = useCallback((key: number) => {
    tasks.current.get(key)?.abort.abort();
    setRows((all) =>
      all.map((row) =>
        row.key === key && (row.state === "waiting" || row.state === "offline")
          ? { ...row, state: "canceled" }
          : row,
      ),
    );
  }, []);

  const dismiss = useCallback((key: number) => {
    tasks.current.delete(key);
    setRows((all) => {
      const gone = all.find((row) => row.key === key);
      if (gone) URL.revokeObjectURL(gone.preview);
      return all.filter((row) => row.key !== key);
    });
  }, []);

  /** Takes the rows away that are done with. */
  const clearDone = useCallback(() => setRows((all) => all.filter((row) => row.state !== "done")), []);

  return { rows, add, again, cancel, dismiss, clearDone };
}
