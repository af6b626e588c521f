/** The list in IndexedDB, so that a closed tab or a restarted browser goes on where it was. */
import type { DBSchema } from "idb";
import { Database } from "@/shared/database";
import { isReadable } from "@/shared/photos/check-file";
import type { Batch, Item } from "./list";

interface Tables extends DBSchema {
  batch: { key: "current"; value: Batch };
  items: { key: string; value: Item };
  photos: { key: string; value: File };
}

export type Kept = { batch: Batch; items: Item[] };

/** Where a batch is kept. Without a working store the batch lives as long as the tab. */
export interface Store {
  load(): Promise<Kept | null>;
  saveBatch(batch: Batch): Promise<void>;
  saveItem(item: Item): Promise<void>;
  savePhoto(id: string, photo: File): Promise<void>;
  /** Null where the photo cannot be read any more. */
  photo(id: string): Promise<File | null>;
  /** The server has it now. */
  dropPhoto(id: string): Promise<void>;
  dropItem(id: string): Promise<void>;
  clear(): Promise<void>;
}

export class IndexedStore implements Store {
  private readonly database = new Database<Tables>();
  /** Photos of this tab: the store may have refused them, and they are quicker from here. */
  private readonly photos = new Map<string, File>();

  load(): Promise<Kept | null> {
    return this.database.attempt(async (db) => {
      const [batch, items] = await Promise.all([db.get("batch", "current"), db.getAll("items")]);
      return batch ? { batch, items: items.toSorted((a, b) => a.place - b.place) } : null;
    });
  }

  async saveBatch(batch: Batch): Promise<void> {
    await this.database.attempt((db) => db.put("batch", batch, "current"));
  }

  async saveItem(item: Item): Promise<void> {
    await this.database.attempt((db) => db.put("items", item));
  }

  async savePhoto(id: string, photo: File): Promise<void> {
    this.photos.set(id, photo);
    await this.database.attempt((db) => db.put("photos", photo, id));
  }

  /** What was picked may have been moved or changed on the disk since; the store has the photo itself. */
  async photo(id: string): Promise<File | null> {
    const picked = this.photos.get(id);
    if (picked && (await isReadable(picked))) return picked;
    const kept = await this.database.attempt((db) => db.get("photos", id));
    return kept && (await isReadable(kept)) ? kept : null;
  }

  async dropPhoto(id: string): Promise<void> {
    this.photos.delete(id);
    await this.database.attempt((db) => db.delete("photos", id));
  }

  async dropItem(id: string): Promise<void> {
    await this.dropPhoto(id);
    await this.database.attempt((db) => db.delete("items", id));
  }

  async clear(): Promise<void> {
    this.photos.clear();
    await this.database.attempt(async (db) => {
      const all = db.transaction(["batch", "items", "photos"], "readwrite");
      await Promise.all([
        all.objectStore("batch").clear(),
        all.objectStore("items").clear(),
        all.objectStore("photos").clear(),
        all.done,
      ]);
    });
  }
}
