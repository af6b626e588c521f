/** A photo on its way in, as the tab that sends it holds it. */
import type { Schemas } from "@/api/client";
import type { KeptPhoto, Photo } from "./photo-store";

export type Task = Photo & {
  id: string;
  at: number;
  abort: AbortController;
  /** It came alone, so its product is what the user wants next. */
  only: boolean;
  image: Schemas["UploadedImage"] | null;
  sessionId: string | null;
  /** The request that it goes to its batch with, so that one sent again adds nothing twice. */
  sentWith: string | null;
  keeping: Promise<unknown>;
  /** Resolves once this tab has nothing more to do with it. */
  over: Promise<void>;
  end: () => void;
};

export function taskOf(photo: Photo & Partial<KeptPhoto>, at: number, id: string): Task {
  let end: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  const { file, title, platform, batch, image = null, sessionId = null } = photo;
  return {
    ...{ file, title, platform, batch, image, sessionId, id, at, over, end },
    abort: new AbortController(),
    only: false,
    sentWith: null,
    keeping: Promise.resolve(),
  };
}

export const hasEnded = ({ abort }: Task) => abort.signal.aborted;

/** Holds a photo to one tab. Only pages served securely know locks; elsewhere two tabs may send it twice. */
export function alone(id: string, act: () => Promise<void>): void {
  if ("locks" in navigator) void navigator.locks.request(`stillroom.upload.${id}`, act);
  else void act();
}
