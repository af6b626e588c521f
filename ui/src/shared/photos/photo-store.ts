/** Photos in IndexedDB until the server has them, so that a closed tab or a server that was away loses none. */
import type { DBSchema } from "idb";
import type { Schemas } from "@/api/client";
import { Database } from "@/shared/database";

/** The batch that is being put together, which has no id yet. */
export const DRAFT = "draft";

/** A photo with what was chosen for the product it becomes, or the batch that it goes to. */
export type Photo = {
  file: File;
  title: string | null;
  platform: string | null;
  /** Null for a product of its own. */
  batch: string | null;
};
export type KeptPhoto = Photo & {
  id: string;
  /** When it was added, in milliseconds. */
  at: number;
  /** What the server has made of it; the file is then empty. */
  image?: Schemas["UploadedImage"] | null;
  /** The product that it is of already. */
  sessionId?: string | null;
};

interface Tables extends DBSchema {
  uploads: { key: string; value: KeptPhoto };
}

/** Enough for a day's work without a network; what browsers allow is often more, and theirs to say. */
export const MOST_PHOTOS = 500;
export const MOST_BYTES = 1024 ** 3;

/** Whether a photo outlives the page. A browser that keeps nothing at all is not the photo's trouble. */
export type Keeping = "kept" | "full" | "never";

export interface PhotoStore {
  keep(photo: KeptPhoto): Promise<Keeping>;
  find(id: string): Promise<KeptPhoto | null>;
  /** What is there, the oldest first. */
  ids(): Promise<string[]>;
  drop(id: string): Promise<void>;
}

const isFull = (error: unknown) => error instanceof DOMException && error.name === "QuotaExceededError";

export class IndexedPhotos implements PhotoStore {
  private readonly database = new Database<Tables>();
  /** Bytes by photo, as far as this tab knows of them. */
  private readonly sizes = new Map<string, number>();

  async keep(photo: KeptPhoto): Promise<Keeping> {
    this.sizes.delete(photo.id);
    const bytes = [...this.sizes.values()].reduce((sum, size) => sum + size, photo.file.size);
    if (this.sizes.size >= MOST_PHOTOS || bytes > MOST_BYTES) return "full";
    this.sizes.set(photo.id, photo.file.size);
    const keeping = await this.database.attempt((db) =>
      db.put("uploads", photo).then(
        (): Keeping => "kept",
        (error: unknown): Keeping => (isFull(error) ? "full" : "never"),
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
