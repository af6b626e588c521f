/** Photos on their way in: checked, sent, each opened as a product. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Schemas } from "@/api/client";
import { ProblemError } from "@/api/problems";
import { isOffline, reached } from "@/api/reach";
import { upload } from "@/api/upload";
import { isReadable, refusalOf, type Refusal } from "@/shared/photos/check-file";
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
  notShrunk: boolean;
  /** Bytes before and after it was made smaller here. */
  shrunk: { from: number; to: number } | null;
  firstFrameOnly: boolean;
  /** The product it became. */
  session: Schemas["Session"] | null;
};

export type Incoming = { file: File; title: string | null };

/** A photo that did not come in, and why. */
export type Missed = Pick<UploadRow, "name" | "refusal" | "error">;

type Limits = { maxBytes: number; maxSide: number };
type Ends = {
  /** The only photo that was added is a product now. */
  onOnly: (session: Schemas["Session"]) => void;
  /** What did not come in after the list had gone from the screen. */
  onMissed: (missed: readonly Missed[]) => void;
};
type Task = Incoming & { key: number; abort: AbortController };

/** Two at a time: the server decodes each in full, and the first should be there soon. */
const AT_ONCE = 2;

const hasEnded = ({ signal }: AbortController) => signal.aborted;

export function useUploads({ maxBytes, maxSide }: Limits, { onOnly, onMissed }: Ends) {
  const client = useQueryClient();
  const [rows, setRows] = useState<UploadRow[]>([]);
  const tasks = useRef(new Map<number, Task>());
  const nextKey = useRef(0);
  const missed = useRef<Missed[]>([]);
  /** The uploads go on when another screen is shown. */
  const onScreen = useRef(false);
  usePreviewsFreed(rows);
  useEffect(() => {
    onScreen.current = true;
    return () => void (onScreen.current = false);
  }, []);

  const set = useCallback(
    (key: number, part: Partial<UploadRow>) =>
      setRows((all) => all.map((row) => (row.key === key ? { ...row, ...part } : row))),
    [],
  );

  const miss = useCallback(
    ({ key, file: { name } }: Task, why: { refusal: Refusal } | { error: ProblemError }) => {
      const state = "refusal" in why ? "refused" : "failed";
      set(key, { state, ...why });
      if (!onScreen.current) missed.current.push({ name, refusal: null, error: null, ...why });
    },
    [set],
  );

  /** Sends one; what the network loses on the way is sent again when it is back. */
  const send = useCallback(
    async (task: Task): Promise<Schemas["Session"] | null> => {
      const { file, title, key, abort } = task;
      while (!hasEnded(abort)) {
        set(key, { state: "sending", percent: 0 });
        try {
          const image = await upload(file, abort.signal, (percent) => set(key, { percent }));
          set(key, { state: "opening", percent: 100, firstFrameOnly: image.first_frame_only });
          const session = await openSession({ image_id: image.id, ...(title === null ? {} : { title }) });
          set(key, { state: "done", session });
          tasks.current.delete(key);
          return session;
        } catch (error) {
          if (hasEnded(abort)) break;
          const problem = error instanceof ProblemError ? error : new ProblemError(null);
          if (problem.problem !== null) {
            miss(task, { error: problem });
            return null;
          }
          if (!(await isReadable(file))) {
            miss(task, { refusal: { why: "unreadable" } });
            return null;
          }
          if (!isOffline()) {
            miss(task, { error: problem });
            return null;
          }
          set(key, { state: "offline" });
          await reached(abort.signal);
        }
      }
      set(key, { state: "canceled" });
      return null;
    },
    [miss, set],
  );

  const settle = useCallback(async () => {
    if (missed.current.length > 0) onMissed(missed.current.splice(0));
    await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  }, [client, onMissed]);

  const add = useCallback(
    async (incoming: Incoming[]) => {
      const all = incoming.map((one): Task => ({
        ...one,
        key: nextKey.current++,
        abort: new AbortController(),
      }));
      const added = all.map(({ file, key }): UploadRow => ({
        key,
        name: file.name,
        preview: onScreen.current ? URL.createObjectURL(file) : "",
        state: "checking",
        percent: 0,
        refusal: null,
        error: null,
        notShrunk: false,
        shrunk: null,
        firstFrameOnly: false,
        session: null,
      }));
      setRows((rows) => [...rows.filter((row) => row.state !== "done"), ...added]);
      for (const task of all) tasks.current.set(task.key, task);
      const queue: Task[] = [];
      for (const task of all) {
        const refusal = await refusalOf(task.file, maxBytes);
        if (hasEnded(task.abort)) continue;
        if (refusal) miss(task, { refusal });
        else {
          queue.push(task);
          set(task.key, { state: "waiting" });
        }
      }
      const only = all.length === 1;
      const work = async () => {
        for (let task = queue.shift(); task; task = queue.shift()) {
          const session = await send(task);
          if (session && only && onScreen.current) onOnly(session);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      await settle();
    },
    [maxBytes, miss, onOnly, send, set, settle],
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
          set(key, { state: "failed", notShrunk: true });
          return;
        }
        set(key, { shrunk: { from: before.file.size, to: task.file.size } });
      }
      tasks.current.set(key, task);
      set(key, { error: null, refusal: null });
      const session = await send(task);
      await settle();
      if (session && tasks.current.size === 0 && onScreen.current) onOnly(session);
    },
    [maxBytes, maxSide, onOnly, send, set, settle],
  );

  const cancel = useCallback((key: number) => {
    tasks.current.get(key)?.abort.abort();
    setRows((all) =>
      all.map((row) => (row.key === key && idle.has(row.state) ? { ...row, state: "canceled" } : row)),
    );
  }, []);

  const dismiss = useCallback((key: number) => {
    tasks.current.delete(key);
    setRows((all) => all.filter((row) => row.key !== key));
  }, []);

  /** Takes the rows away that are done with. */
  const clearDone = useCallback(() => setRows((all) => all.filter((row) => row.state !== "done")), []);

  return { rows, add, again, cancel, dismiss, clearDone };
}

/** States in which nothing is under way that would itself say that it was called off. */
const idle = new Set<UploadRow["state"]>(["checking", "waiting", "offline"]);

/** The browser holds a photo until its preview is let go. */
function usePreviewsFreed(rows: readonly UploadRow[]): void {
  const held = useRef<readonly string[]>([]);
  useEffect(() => {
    const shown = rows.map(({ preview }) => preview);
    for (const url of held.current) if (!shown.includes(url)) URL.revokeObjectURL(url);
    held.current = shown;
  }, [rows]);
  useEffect(
    () => () => {
      for (const url of held.current) URL.revokeObjectURL(url);
    },
    [],
  );
}
