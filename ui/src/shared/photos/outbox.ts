/**
 * Upload queue for photos: validates, stores and sends them, on any screen. A photo becomes a product or goes to a
 * batch.
 */
import type { Schemas } from "@/api/client";
import { identity } from "@/api/problems";
import { freshKey } from "@/shared/fresh-key";
import { delivered, groupsToDeliver } from "./batch-delivery";
import { refusalOf } from "./check-file";
import { PhotoKeeper } from "./photo-keeper";
import { DRAFT, type KeptPhoto, type Photo, type PhotoStore } from "./photo-store";
import { sentUntilIn, type Why } from "./resend";
import { shrunk } from "./shrink";
import { canGoAgain, rowOf, type Missed, type UploadRow } from "./upload-row";
import { UploadRows } from "./upload-rows";
import type { Server } from "./upload-server";
import { alone, hasEnded, taskOf, type Task } from "./upload-task";

type Session = Schemas["Session"];
type Limits = { maxBytes: number; maxSide: number };

/** Called with the product of a photo that was added alone, to open it. */
type Watcher = (session: Session) => void;
/** Callbacks that are active on every screen. */
type Attendant = {
  onMissed: (missed: readonly Missed[]) => void;
  onProduct: () => void;
  onBatch: (batch: string) => void;
};

/** Limit of parallel uploads: the server decodes each photo in full, and the first result should come soon. */
const AT_ONCE = 2;
/** States without a running request. In the others the aborted request itself sets `canceled`. */
const idle = new Set<UploadRow["state"]>(["checking", "waiting", "offline", "away"]);

export class Outbox {
  private readonly store: PhotoStore;
  private readonly server: Server;
  private readonly rows = new UploadRows();
  private readonly kept: PhotoKeeper;
  private readonly tasks = new Map<string, Task>();
  private readonly queue: Task[] = [];
  private readonly missed: Missed[] = [];
  private limits: Limits = { maxBytes: 30 * 1024 * 1024, maxSide: 4096 };
  private busy = 0;
  /** Batches whose rows are on the screen; null stands for products. */
  private readonly shown = new Set<string | null>();
  private watcher: Watcher | null = null;
  private attendant: Attendant | null = null;

  constructor(store: PhotoStore, server: Server) {
    this.store = store;
    this.server = server;
    this.kept = new PhotoKeeper(store, this.rows);
  }

  subscribe = this.rows.subscribe;
  snapshot = this.rows.snapshot;

  /**
   * Resumes stored photos. A Web Lock per photo leaves those to their own tab that another tab sends, and resumes
   * them when that tab closes.
   */
  async begin(): Promise<void> {
    identity.addEventListener("known", this.signedIn);
    for (const id of await this.store.ids()) {
      alone(id, async () => {
        const photo = await this.store.find(id);
        if (!photo) return;
        const task = this.take({ ...photo, batch: photo.batch ?? null }, photo.at, id);
        this.send(task);
        await task.over;
      });
    }
  }

  allow(limits: Limits): void {
    this.limits = limits;
  }

  attend(attendant: Attendant): () => void {
    this.attendant = attendant;
    return () => void (this.attendant = null);
  }

  /** Marks rows as visible, so that their failures are not reported by a toast as well. */
  show(batch: string | null): () => void {
    this.shown.add(batch);
    this.missed.length = 0;
    return () => void this.shown.delete(batch);
  }

  watch(watcher: Watcher): () => void {
    this.watcher = watcher;
    return () => void (this.watcher = null);
  }

  async add(photos: readonly Photo[]): Promise<void> {
    this.clearDone();
    const tasks = photos.map((photo, place) => this.take(photo, Date.now() + place));
    for (const task of tasks) {
      alone(task.id, () => task.over);
      task.only = tasks.length === 1;
    }
    for (const task of tasks) {
      const refusal = await refusalOf(task.file, this.limits.maxBytes);
      if (hasEnded(task)) continue;
      if (refusal) this.miss(task, { refusal });
      else {
        this.kept.keep(task);
        this.send(task);
      }
    }
    this.tell();
  }

  /** Retries a photo; `smaller` shrinks it first. */
  async again(id: string, smaller: boolean): Promise<void> {
    const task = this.tasks.get(id);
    if (!task) return;
    task.only = this.tasks.size === 1;
    if (smaller) {
      const { size } = task.file;
      this.rows.set(id, { state: "shrinking", refusal: null, error: null });
      try {
        task.file = await shrunk(task.file, this.limits.maxSide, this.limits.maxBytes);
      } catch {
        this.rows.set(id, { state: "failed", notShrunk: true });
        return;
      }
      this.rows.set(id, { shrunk: { from: size, to: task.file.size } });
      this.kept.keep(task);
    }
    this.rows.set(id, { error: null, refusal: null });
    this.send(task);
  }

  cancel(id: string): void {
    const task = this.tasks.get(id);
    if (!task) return;
    task.abort.abort();
    const at = this.queue.indexOf(task);
    if (at >= 0) this.queue.splice(at, 1);
    const row = this.rows.find(id);
    if (row && idle.has(row.state)) this.rows.set(id, { state: "canceled" });
    this.kept.leave(task);
  }

  dismiss(id: string): void {
    const task = this.tasks.get(id);
    if (task) this.kept.leave(task);
    this.tasks.delete(id);
    this.rows.remove((row) => row.id === id);
  }

  /** Removes the rows of finished uploads. */
  clearDone(): void {
    this.rows.remove(({ state }) => state === "done");
  }

  private take(photo: Photo & Partial<KeptPhoto>, at: number, id = freshKey()): Task {
    const task = taskOf(photo, at, id);
    const { batch, image, sessionId } = task;
    this.tasks.set(id, task);
    this.rows.add(rowOf({ ...photo, batch, image, sessionId }, id));
    return task;
  }

  private send(task: Task): void {
    this.rows.set(task.id, { state: "waiting" });
    this.queue.push(task);
    void this.work();
  }

  private async work(): Promise<void> {
    if (this.busy >= AT_ONCE) return;
    this.busy += 1;
    for (let task = this.queue.shift(); task; task = this.queue.shift()) await this.bring(task);
    this.busy -= 1;
    this.tell();
    if (this.busy === 0) void this.deliver();
  }

  private tell(): void {
    if (this.busy === 0 && this.missed.length > 0) this.attendant?.onMissed(this.missed.splice(0));
  }

  private async bring(task: Task): Promise<void> {
    const { server, rows, kept } = this;
    const why = await sentUntilIn(task, (sent) => this.open(sent), { server, rows, kept });
    if (why) this.miss(task, why);
  }

  private async open(task: Task): Promise<void> {
    const { id, file, title, platform, abort } = task;
    if (!task.image) {
      this.rows.set(id, { state: "sending", percent: 0 });
      task.image = await this.server.upload(file, abort.signal, (percent) => this.rows.set(id, { percent }));
      this.rows.set(id, { percent: 100, firstFrameOnly: task.image.first_frame_only, image: task.image });
    }
    if (task.batch !== null) {
      // The server has the bytes, so only the reference is stored.
      task.file = new File([], file.name);
      this.kept.keep(task);
      this.rows.set(id, { state: "ready", preview: task.image.thumbnail_url });
      return;
    }
    this.rows.set(id, { state: "opening" });
    const named = title === null ? {} : { title };
    const session = await this.server.openSession({ image_id: task.image.id, platform, ...named });
    this.rows.set(id, { state: "done", session });
    this.tasks.delete(id);
    this.kept.leave(task);
    this.attendant?.onProduct();
    if (task.only) this.watcher?.(session);
  }

  private miss(task: Task, why: Why): void {
    this.rows.set(task.id, { state: "refusal" in why ? "refused" : "failed", ...why });
    if (task.batch === null) task.image = null;
    if (!("error" in why && canGoAgain(why.error))) void this.kept.drop(task);
    if (this.shown.has(task.batch)) return;
    this.missed.push({ name: task.file.name, refusal: null, error: null, ...why });
  }

  /** Adds photos of existing products to the batch draft. */
  addProducts(sessions: readonly Session[]): void {
    for (const { id, title, image } of sessions) {
      if (this.rows.snapshot().some(({ batch, sessionId }) => batch === DRAFT && sessionId === id)) continue;
      const file = new File([], title || image.id);
      const uploaded = { ...image, first_frame_only: false };
      const photo = { file, title, platform: null, batch: DRAFT, image: uploaded, sessionId: id };
      const task = this.take(photo, Date.now());
      alone(task.id, () => task.over);
      this.kept.keep(task);
      this.rows.set(task.id, { state: "ready" });
    }
  }

  /** Moves photos that are still uploading from the draft to the new batch. */
  begun(batch: string, taken: readonly string[]): void {
    for (const id of taken) this.dismiss(id);
    for (const task of this.tasks.values()) {
      if (task.batch !== DRAFT) continue;
      task.batch = batch;
      this.rows.set(task.id, { batch });
      this.kept.keep(task);
    }
    if (this.busy === 0) void this.deliver();
  }

  /** Adds uploaded photos to their batches, one request per batch. */
  private async deliver(): Promise<void> {
    for (const [key, tasks] of groupsToDeliver(this.rows.snapshot(), this.tasks)) {
      if (!(await delivered(tasks, key, this.server, this.rows))) continue;
      for (const { id } of tasks) this.dismiss(id);
      this.attendant?.onBatch(tasks[0]?.batch ?? "");
    }
  }

  private readonly signedIn = (): void => {
    for (const { id, error } of this.rows.snapshot())
      if (error?.code === "E_UNAUTHORIZED") void this.again(id, false);
  };
}
