/** IndexedDB store of photos that wait for their upload, so that they outlive the page. */
import { isReadable } from "./check-file";
import type { PhotoStore } from "./photo-store";
import type { UploadRows } from "./upload-rows";
import type { Task } from "./upload-task";

export class PhotoKeeper {
  private readonly store: PhotoStore;
  private readonly rows: UploadRows;

  constructor(store: PhotoStore, rows: UploadRows) {
    this.store = store;
    this.rows = rows;
  }

  keep(task: Task): void {
    const { id, at, file, title, platform, batch, image, sessionId } = task;
    task.keeping = this.store
      .keep({ id, at, file, title, platform, batch, image, sessionId })
      .then((keeping) => this.rows.set(id, { unkept: keeping === "full" }));
  }

  drop(task: Task): Promise<void> {
    return task.keeping.then(() => this.store.drop(task.id));
  }

  /** Forgets a photo that is uploaded, cancelled or dismissed. */
  release(task: Task): void {
    void this.drop(task).then(task.end);
  }

  /**
   * Replaces an unreadable file by the stored copy, since a picked file may be moved or changed. Resolves with false
   * if the photo is lost.
   */
  async read(task: Task): Promise<boolean> {
    if (await isReadable(task.file)) return true;
    const kept = await this.store.find(task.id);
    if (!kept || !(await isReadable(kept.file))) return false;
    task.file = kept.file;
    return true;
  }
}
