/** An upload in the tab that sends it. */
import type { KeptPhoto, Photo } from "./photo-store";

export type Task = Required<KeptPhoto> & {
  abort: AbortController;
  /** True if it was added alone, so that its product opens. */
  isSingle: boolean;
  /** Idempotency key of the request that adds it to its batch, so that a retry adds it only once. */
  requestKey: string | null;
  keeping: Promise<unknown>;
  /** Resolves when this tab has finished with the photo. */
  finished: Promise<void>;
  end: () => void;
};

export function taskOf(photo: Photo & Partial<KeptPhoto>, at: number, id: string): Task {
  let end: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (end = resolve));
  const { file, title, platform, batch, image = null, sessionId = null } = photo;
  return {
    ...{ file, title, platform, batch, image, sessionId, id, at, finished, end },
    abort: new AbortController(),
    isSingle: false,
    requestKey: null,
    keeping: Promise.resolve(),
  };
}

export const hasEnded = ({ abort }: Task) => abort.signal.aborted;

/**
 * Runs `act` under a Web Lock for the photo, so that only one tab sends it. Without a secure context there are no
 * locks, and two tabs may send it twice.
 */
export function withUploadLock(id: string, act: () => Promise<void>): void {
  if ("locks" in navigator) void navigator.locks.request(`stillroom.upload.${id}`, act);
  else void act();
}
