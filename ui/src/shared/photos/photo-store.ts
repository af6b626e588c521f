/** Photos in IndexedDB until the server has them, so that neither a closed tab nor a server outage loses one. */
import type { DBSchema } from "idb";
import type { Schemas } from "@/api/client";
import { Database } from "@/shared/database";

/** Stands for the batch draft, which has no id yet. */
export const DRAFT = "draft";

/** A photo with the options of its product, or its batch. */
export type Photo = {
  file: File;
  title: string | null;
  platform: string | null;
  /** Null for a photo that becomes a product. */
  batch: string | null;
};
export type KeptPhoto = Photo & {
  id: string;
  /** Milliseconds since the epoch at which it was added. */
  at: number;
  /** Upload result; the file is then empty. */
  image?: Schemas["UploadedImage"] | null;
  /** Existing product of the photo. */
  sessionId?: string | null;
};

interface Tables extends DBSchema {
  uploads: { key: string; value: KeptPhoto };
}

/** Enough for a day's work offline. Browsers enforce their own quota on bytes. */
export const MAX_PHOTOS = 500;
export const MAX_BYTES = 1024 ** 3;

/** Result of storing a photo: stored, quota reached, or no storage at all. */
export type StoreResult = "kept" | "full" | "never";

export interface PhotoStore {
  keep(photo: KeptPhoto): Promise<StoreResult>;
  find(id: string): Promise<KeptPhoto | null>;
  /** Ids, oldest first. */
  ids(): Promise<string[]>;
  drop(id: string): Promise<void>;
}

const isFull = (error: unknown) => error instanceof DOMException && error.name === "QuotaExceededError";

export class IndexedPhotos implements PhotoStore {
  private readonly database = new Database<Tables>();
  /** Bytes by photo, for the stored photos that this tab has listed or written. */
  private readonly sizes = new Map<string, number>();

  async keep(photo: KeptPhoto): Promise<StoreResult> {
    this.sizes.delete(photo.id);
    const bytes = [...this.sizes.values()].reduce((sum, size) => sum + size, photo.file.size);
    if (this.sizes.size >= MAX_PHOTOS || bytes > MAX_BYTES) return "full";
    this.sizes.set(photo.id, photo.file.size);
    const keeping = await this.database.attempt((db) =>
      db.put("uploads", photo).then(
        (): StoreResult => "kept",
        (error: unknown): StoreResult => (isFull(error) ? "full" : "never"),
      ),
    );
    if (keeping !== "kept") this.sizes.delete(photo.id);
    return keeping ?? "never";
  }

  async find(id: string): Promise<KeptPhoto | null> {
    return (await this.database.attempt((db) => db.get("uploads", id))) ?? null;
  }

  async ids(): Promise<string[]> {
    const all = (await this.database.attempt((db) => db.getAll("uploads"))) ?? [];
    for (const { id, file } of all) this.sizes.set(id, file.size);
    return all.toSorted((a, b) => a.at - b.at).map(({ id }) => id);
  }

  async drop(id: string): Promise<void> {
    this.sizes.delete(id);
    await this.database.attempt((db) => db.delete("uploads", id));
  }
}
