/** Photos in IndexedDB until the server has them, so that neither a closed tab nor a server outage loses one. */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Schemas } from "@/api/client";

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

const NAME = "stillroom";
/** Incremented with every change of the object stores. */
const VERSION = 3;

interface Tables extends DBSchema {
  uploads: { key: string; value: KeptPhoto };
}

/** Enough for a day's work offline. Browsers enforce their own quota on bytes. */
export const MAX_PHOTOS = 500;
export const MAX_BYTES = 1024 ** 3;

/** Result of storing a photo: stored, quota reached, or no storage at all. */
export type StoreResult = "kept" | "full" | "never";

export type PhotoStore = Pick<IndexedPhotos, "keep" | "find" | "ids" | "drop">;

const isFull = (error: unknown) => error instanceof DOMException && error.name === "QuotaExceededError";

/** Rejects where the browser forbids storage, and while a tab with an older page holds the database open. */
function open(): Promise<IDBPDatabase<Tables>> {
  return new Promise((resolve, reject) => {
    openDB(NAME, VERSION, {
      upgrade: (db) => {
        if (!db.objectStoreNames.contains("uploads")) db.createObjectStore("uploads", { keyPath: "id" });
        // Delete stores of earlier releases.
        for (const name of db.objectStoreNames) if (name !== "uploads") db.deleteObjectStore(name);
      },
      // Continue without it rather than wait for that tab to close.
      blocked: reject,
      blocking: (_current, _wanted, event) => (event.target as IDBDatabase).close(),
    }).then((db) => resolve(db as unknown as IDBPDatabase<Tables>), reject);
  });
}

export class IndexedPhotos {
  private opened: Promise<IDBPDatabase<Tables>> | null = null;
  /** Bytes by photo, for the stored photos that this tab has listed or written. */
  private readonly sizes = new Map<string, number>();

  async keep(photo: KeptPhoto): Promise<StoreResult> {
    this.sizes.delete(photo.id);
    const bytes = [...this.sizes.values()].reduce((sum, size) => sum + size, photo.file.size);
    if (this.sizes.size >= MAX_PHOTOS || bytes > MAX_BYTES) return "full";
    this.sizes.set(photo.id, photo.file.size);
    const keeping = await this.attempt((db) =>
      db.put("uploads", photo).then(
        (): StoreResult => "kept",
        (error: unknown): StoreResult => (isFull(error) ? "full" : "never"),
      ),
    );
    if (keeping !== "kept") this.sizes.delete(photo.id);
    return keeping ?? "never";
  }

  async find(id: string): Promise<KeptPhoto | null> {
    return (await this.attempt((db) => db.get("uploads", id))) ?? null;
  }

  /** Ids, oldest first. */
  async ids(): Promise<string[]> {
    const all = (await this.attempt((db) => db.getAll("uploads"))) ?? [];
    for (const { id, file } of all) this.sizes.set(id, file.size);
    return all.toSorted((a, b) => a.at - b.at).map(({ id }) => id);
  }

  async drop(id: string): Promise<void> {
    this.sizes.delete(id);
    await this.attempt((db) => db.delete("uploads", id));
  }

  /** Number of photos that exist only in this browser. */
  async count(): Promise<number> {
    return (await this.attempt((db) => db.count("uploads"))) ?? 0;
  }

  /** Forgets all photos, so that the next user of this browser finds none. */
  async clear(): Promise<void> {
    this.sizes.clear();
    await this.attempt((db) => db.clear("uploads"));
  }

  /**
   * Runs a database action. Returns null on any error, because storage may be full or forbidden and the page must
   * work without it.
   */
  private async attempt<T>(act: (db: IDBPDatabase<Tables>) => Promise<T>): Promise<T | null> {
    this.opened ??= open();
    return this.opened.then(act).catch(() => null);
  }
}
