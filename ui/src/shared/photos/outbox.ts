/** Upload queue on any screen: validates, stores and sends photos, which become products or go to a batch. */
import { uploadBytes, uploadSide } from "@/api/bounds.gen";
import type { Session } from "@/api/client";
import { identity } from "@/api/problems";
import { freshKey } from "@/shared/fresh-key";
import { deliverToBatch, deliveryGroups } from "./batch-delivery";
import { refusalOf, trulyNamed } from "./check-file";
import { PhotoKeeper } from "./photo-keeper";
import { DRAFT, type KeptPhoto, type Photo, type PhotoStore } from "./photo-store";
import { sendWithRetries, type UploadFailure } from "./send-with-retries";
import { shrinkPhoto } from "./shrink";
import { UploadFailures } from "./upload-failures";
import { canRetry, nameOf, rowOf, type OutboxListener, type UploadRow } from "./upload-row";
import { UploadRows } from "./upload-rows";
import type { Server } from "./upload-server";
import { hasEnded, taskOf, withUploadLock, type Task } from "./upload-task";

type Limits = { maxBytes: number; maxSide: number };

/** Called with the product of a photo that was added alone, to open it. */
type OnSingleProduct = (session: Session) => void;

/** Limit of parallel uploads: the server decodes each photo in full, and the first result should come soon. */
const MAX_PARALLEL = 2;
/** States without a running request. In the others the aborted request itself sets `canceled`. */
const idle = new Set<UploadRow["state"]>(["checking", "waiting", "offline", "away"]);

export class Outbox {
  private readonly store: PhotoStore;
  private readonly server: Server;
  private readonly rows = new UploadRows();
  private readonly kept: PhotoKeeper;
  private readonly queue: Task[] = [];
  private readonly failures = new UploadFailures();
  private limits: Limits = { maxBytes: uploadBytes, maxSide: uploadSide };
  private busy = 0;
  private onSingleProduct: OnSingleProduct | null = null;
  private listener: OutboxListener | null = null;

  constructor(store: PhotoStore, server: Server) {
    this.store = store;
    this.server = server;
    this.kept = new PhotoKeeper(store, this.rows);
  }

  subscribe = this.rows.subscribe;
  snapshot = this.rows.snapshot;
  markVisible = this.failures.markVisible;

  /**
   * Resumes stored photos. A Web Lock per photo leaves those to their own tab that another tab sends, and resumes
   * them when that tab closes.
   */
  async resume(): Promise<void> {
    identity.addEventListener("known", this.signedIn);
    for (const id of await this.store.ids()) {
      withUploadLock(id, async () => {
        const photo = await this.store.find(id);
        if (!photo) return;
        const task = this.addTask({ ...photo, batch: photo.batch ?? null }, photo.at, id);
        this.enqueue(task);
        await task.finished;
      });
    }
  }

  allow(limits: Limits): void {
    this.limits = limits;
  }

  listen(listener: OutboxListener): () => void {
    this.listener = listener;
    return () => void (this.listener = null);
  }

  openSingle(open: OnSingleProduct): () => void {
    this.onSingleProduct = open;
    return () => void (this.onSingleProduct = null);
  }

  async add(photos: readonly Photo[]): Promise<void> {
    this.clearDone();
    const tasks = photos.map((photo, place) => this.addTask(photo, Date.now() + place));
    const [single] = tasks.length === 1 ? tasks : [];
    if (single) single.isSingle = true;
    for (const task of tasks) withUploadLock(task.id, () => task.finished);
    for (const task of tasks) {
      const refusal = await refusalOf(task.file, this.limits.maxBytes);
      if (hasEnded(task)) continue;
      if (refusal) this.fail(task, { refusal });
      else task.file = await trulyNamed(task.file);
      if (hasEnded(task) || refusal) continue;
      this.kept.keep(task);
      this.enqueue(task);
    }
    this.reportFailures();
  }

  /** Retries a photo; `smaller` shrinks it first. */
  async retry(id: string, smaller: boolean): Promise<void> {
    const task = this.rows.find(id)?.task;
    if (!task) return;
    task.isSingle = this.rows.snapshot().filter(({ state }) => state !== "done").length === 1;
    if (smaller) {
      const { size } = task.file;
      this.rows.set(id, { state: "shrinking", refusal: null, error: null });
      try {
        task.file = await shrinkPhoto(task.file, this.limits.maxSide, this.limits.maxBytes);
      } catch {
        this.rows.set(id, { state: "failed", notShrunk: true });
        return;
      }
      this.rows.set(id, { shrunk: { from: size, to: task.file.size } });
      this.kept.keep(task);
    }
    this.rows.set(id, { error: null, refusal: null });
    this.enqueue(task);
  }

  cancel(id: string): void {
    const row = this.rows.find(id);
    if (!row) return;
    const { task, state } = row;
    task.abort.abort();
    const at = this.queue.indexOf(task);
    if (at >= 0) this.queue.splice(at, 1);
    if (idle.has(state)) this.rows.set(id, { state: "canceled" });
    this.kept.release(task);
  }

  dismiss(id: string): void {
    const row = this.rows.find(id);
    if (row) this.kept.release(row.task);
    this.rows.remove((row) => row.id === id);
  }

  /** Removes the rows of finished uploads. */
  clearDone(): void {
    this.rows.remove(({ state }) => state === "done");
  }

  private addTask(photo: Photo & Partial<KeptPhoto>, at: number, id = freshKey()): Task {
    const task = taskOf(photo, at, id);
    this.rows.add(rowOf(task));
    return task;
  }

  private enqueue(task: Task): void {
    this.rows.set(task.id, { state: "waiting" });
    this.queue.push(task);
    void this.drainQueue();
  }

  private async drainQueue(): Promise<void> {
    if (this.busy >= MAX_PARALLEL) return;
    this.busy += 1;
    for (let task = this.queue.shift(); task; task = this.queue.shift()) await this.process(task);
    this.busy -= 1;
    this.reportFailures();
    if (this.busy === 0) void this.deliver();
  }

  private reportFailures(): void {
    if (this.busy === 0) this.failures.report(this.listener?.onFailures);
  }

  private async process(task: Task): Promise<void> {
    const { server, rows, kept } = this;
    const failure = await sendWithRetries(task, (sent) => this.send(sent), { server, rows, kept });
    if (failure) this.fail(task, failure);
  }

  private async send(task: Task): Promise<void> {
    const { id, file, title, platform, abort } = task;
    if (!task.image) {
      this.rows.set(id, { state: "sending", percent: 0 });
      task.image = await this.server.upload(file, abort.signal, (percent) => this.rows.set(id, { percent }));
      this.rows.set(id, { percent: 100, firstFrameOnly: task.image.first_frame_only });
    }
    if (task.batch !== null) {
      // The server has the bytes, so only the reference is stored.
      task.file = new File([], file.name);
      this.kept.keep(task);
      this.rows.set(id, { state: "ready", preview: task.image.thumbnail_url });
      return;
    }
    this.rows.set(id, { state: "opening" });
    // The same photo may have had another name when it was first uploaded.
    const session = await this.server.openSession({
      image_id: task.image.id,
      platform,
      title: title ?? nameOf(file),
    });
    this.listener?.onProduct(session);
    this.rows.set(id, { state: "done", session });
    this.kept.release(task);
    if (task.isSingle) this.onSingleProduct?.(session);
  }

  private fail(task: Task, failure: UploadFailure): void {
    this.rows.set(task.id, { state: "refusal" in failure ? "refused" : "failed", ...failure });
    if (task.batch === null) task.image = null;
    if (!("error" in failure && canRetry(failure.error))) void this.kept.drop(task);
    this.failures.add(task.batch, { name: task.file.name, refusal: null, error: null, ...failure });
  }

  /** Adds photos of existing products to the batch draft. */
  addProducts(sessions: readonly Session[]): void {
    for (const { id, title, image } of sessions) {
      if (this.rows.snapshot().some(({ task }) => task.batch === DRAFT && task.sessionId === id)) continue;
      const known = { image: { ...image, first_frame_only: false }, sessionId: id };
      const file = new File([], title || image.id);
      const task = this.addTask({ file, title, platform: null, batch: DRAFT, ...known }, Date.now());
      withUploadLock(task.id, () => task.finished);
      this.kept.keep(task);
      this.rows.set(task.id, { state: "ready" });
    }
  }

  /** Removes the photos of a deleted product, also from the batch draft. */
  forgetProduct(sessionId: string): void {
    for (const { id, session, task } of this.rows.snapshot())
      if ((session?.id ?? task.sessionId) === sessionId) this.dismiss(id);
  }

  /** Moves photos that are still uploading from the draft to the new batch. */
  assignDraft(batch: string, added: readonly string[]): void {
    for (const id of added) this.dismiss(id);
    for (const { task } of this.rows.snapshot()) {
      if (task.batch !== DRAFT) continue;
      task.batch = batch;
      this.rows.set(task.id, { task });
      this.kept.keep(task);
    }
    if (this.busy === 0) void this.deliver();
  }

  /** Adds uploaded photos to their batches, one request per batch. */
  private async deliver(): Promise<void> {
    for (const [key, tasks] of deliveryGroups(this.rows.snapshot())) {
      if (!(await deliverToBatch(tasks, key, this.server, this.rows))) continue;
      for (const { id } of tasks) this.dismiss(id);
      this.listener?.onBatch(tasks[0]?.batch ?? "");
    }
  }

  private readonly signedIn = (): void => {
    for (const { id, error } of this.rows.snapshot())
      if (error?.code === "E_UNAUTHORIZED") void this.retry(id, false);
  };
}
