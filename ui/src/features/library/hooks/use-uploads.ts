/** Photos on their way in: checked, sent, each opened as a product. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import type { Schemas } from "@/api/client";
import { ProblemError } from "@/api/problems";
import { upload } from "@/api/upload";
import { refusalOf, type Refusal } from "@/shared/photos/check-file";
import { openSession, sessionsQuery } from "../queries";

export type UploadRow = {
  key: number;
  name: string;
  preview: string;
  state: "checking" | "waiting" | "sending" | "opening" | "refused" | "failed" | "canceled" | "done";
  percent: number;
  refusal: Refusal | null;
  error: ProblemError | null;
  firstFrameOnly: boolean;
  /** The product it became. */
  session: Schemas["Session"] | null;
};

export type Incoming = { file: File; title: string | null };

/** Two at a time: the server decodes each in full, and the first should be there soon. */
const AT_ONCE = 2;

const hasEnded = ({ signal }: AbortController) => signal.aborted;

export function useUploads(maxBytes: number, onOnly: (session: Schemas["Session"]) => void) {
  const client = useQueryClient();
  const [rows, setRows] = useState<UploadRow[]>([]);
  const aborts = useRef(new Map<number, AbortController>());
  const nextKey = useRef(0);

  const add = useCallback(
    async (incoming: Incoming[]) => {
      const jobs = incoming.map(({ file, title }) => ({ file, title, key: nextKey.current++ }));
      const set = (key: number, part: Partial<UploadRow>) =>
        setRows((all) => all.map((row) => (row.key === key ? { ...row, ...part } : row)));
      setRows((all) => [
        ...all.filter((row) => row.state !== "done"),
        ...jobs.map(({ file, key }): UploadRow => ({
          key,
          name: file.name,
          preview: URL.createObjectURL(file),
          state: "checking",
          percent: 0,
          refusal: null,
          error: null,
          firstFrameOnly: false,
          session: null,
        })),
      ]);

      const accepted: typeof jobs = [];
      for (const job of jobs) {
        const refusal = await refusalOf(job.file, maxBytes);
        if (refusal) set(job.key, { state: "refused", refusal });
        else {
          set(job.key, { state: "waiting" });
          aborts.current.set(job.key, new AbortController());
          accepted.push(job);
        }
      }

      const queue = [...accepted];
      const work = async () => {
        for (let job = queue.shift(); job; job = queue.shift()) await send(job);
      };
      const send = async ({ file, title, key }: (typeof jobs)[number]) => {
        const abort = aborts.current.get(key);
        if (!abort || hasEnded(abort)) return;
        set(key, { state: "sending" });
        try {
          const image = await upload(file, abort.signal, (percent) => set(key, { percent }));
          set(key, { state: "opening", percent: 100, firstFrameOnly: image.first_frame_only });
          const session = await openSession({ image_id: image.id, ...(title === null ? {} : { title }) });
          set(key, { state: "done", session });
          if (accepted.length === 1 && jobs.length === 1) onOnly(session);
        } catch (error) {
          if (hasEnded(abort)) set(key, { state: "canceled" });
          else
            set(key, {
              state: "failed",
              error: error instanceof ProblemError ? error : new ProblemError(null),
            });
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
    [client, maxBytes, onOnly],
  );

  const cancel = useCallback((key: number) => {
    aborts.current.get(key)?.abort();
    setRows((all) =>
      all.map((row) => (row.key === key && row.state === "waiting" ? { ...row, state: "canceled" } : row)),
    );
  }, []);

  const dismiss = useCallback((key: number) => {
    setRows((all) => {
      const gone = all.find((row) => row.key === key);
      if (gone) URL.revokeObjectURL(gone.preview);
      return all.filter((row) => row.key !== key);
    });
  }, []);

  /** Takes the rows away that are done with. */
  const clearDone = useCallback(() => setRows((all) => all.filter((row) => row.state !== "done")), []);

  return { rows, add, cancel, dismiss, clearDone };
}
