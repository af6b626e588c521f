/** Photos on their way in: checked, kept, sent a few at a time whatever screen is shown; a product each, or for a batch. */
import { api, unwrap, type Schemas } from "@/api/client";
import { ProblemError, unauthorized } from "@/api/problems";
import { isOffline, reached } from "@/api/reach";
import { upload } from "@/api/upload";
import { freshKey } from "@/shared/fresh-key";
import { isReadable, refusalOf, type Refusal } from "./check-file";
import { canGoAgain, nameOf, rowOf, type Missed, type UploadRow } from "./upload-row";
import { shrunk } from "./shrink";
import { DRAFT, type KeptPhoto, type Photo, type PhotoStore } from "./photo-store";

type Session = Schemas["Session"];

/** What photos on their way in ask of the server. */
export const server = {
  upload,
  reached,
  openSession: (body: Schemas["SessionRequest"]) => unwrap(api.POST("/session", { body })),
  addToBatch: (batch: string, items: Schemas["MoreItems"]["items"], key: string) =>
    unwrap(
      api.POST("/batch/{batch_id}/item", {
        params: { path: { batch_id: batch }, header: { "idempotency-key": key } },
        body: { items },
      }),
    ),
};
export type Server = typeof server;

export type Limits = { maxBytes: number; maxSide: number };

/** Who is shown the rows: opens the product that an only photo became. */
type Watcher = (session: Session) => void;
/** Who is there whatever screen is shown. */
type Attendant = {
  onMissed: (missed: readonly Missed[]) => void;
  onProduct: () => void;
  onBatch: (batch: string) => void;
};

type Task = Photo & {
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

/** Two at a time: the server decodes each in full, and the first should be there soon. */
const AT_ONCE = 2;
/** What one request adds to a batch. */
const MOST_ITEMS = 500;
/** What gets lost that often on the way to a server that answers otherwise is lost for a reason of its own. */
const MOST_LOST = 3;

const hasEnded = ({ abort }: Task) => abort.signal.aborted;

/** Holds a photo to one tab. Only pages served securely know locks; elsewhere two tabs may send it twice. */
function alone(id: string, act: () => Promise<void>): void {
  if ("locks" in navigator) void navigator.locks.request(`stillroom.upload.${id}`, act);
  else void act();
}

export class Outbox {
  private readonly store: PhotoStore;
  private readonly server: Server;
  private readonly listeners = new Set<() => void>();
  private readonly tasks = new Map<string, Task>();
  private readonly queue: Task[] = [];
  private readonly missed: Missed[] = [];
  private rows: readonly UploadRow[] = [];
  private limits: Limits = { maxBytes: 30 * 1024 * 1024, maxSide: 4096 };
  private busy = 0;
  private watcher: Watcher | null = null;
  private attendant: Attendant | null = null;

  constructor(store: PhotoStore, server: Server) {
    this.store = store;
    this.server = server;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): readonly UploadRow[] => this.rows;

  /** Takes up what was kept and no other tab works on; what another tab leaves behind, too. */
  async begin(): Promise<void> {
    unauthorized.addEventListener("known", this.signedIn);
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

  watch(watcher: Watcher): () => void {
    this.watcher = watcher;
    this.missed.length = 0;
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
        this.keep(task);
        this.send(task);
      }
    }
    this.tell();
  }

  /** Sends a photo that was too large, or that failed for no fault of its own, once more. */
  async again(id: string, smaller: boolean): Promise<void> {
    const task = this.tasks.get(id);
    if (!task) return;
    task.only = this.tasks.size === 1;
    if (smaller) {
      const { size } = task.file;
      this.set(id, { state: "shrinking", refusal: null, error: null });
      try {
        task.file = await shrunk(task.file, this.limits.maxSide, this.limits.maxBytes);
      } catch {
        this.set(id, { state: "failed", notShrunk: true });
        return;
      }
      this.set(id, { shrunk: { from: size, to: task.file.size } });
      this.keep(task);
    }
    this.set(id, { error: null, refusal: null });
    this.send(task);
  }

  cancel(id: string): void {
    const task = this.tasks.get(id);
    if (!task) return;
    task.abort.abort();
    const at = this.queue.indexOf(task);
    if (at >= 0) this.queue.splice(at, 1);
    const row = this.rows.find((other) => other.id === id);
    if (row && idle.has(row.state)) this.set(id, { state: "canceled" });
    this.leave(task);
  }

  dismiss(id: string): void {
    const task = this.tasks.get(id);
    if (task) this.leave(task);
    this.tasks.delete(id);
    this.show(this.rows.filter((row) => row.id !== id));
  }

  /** Takes the rows away that are done with. */
  clearDone(): void {
    this.show(this.rows.filter(({ state }) => state !== "done"));
  }

  private take(photo: Photo & Partial<KeptPhoto>, at: number, id = freshKey()): Task {
    let end: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    const { file, title, platform, batch, image = null, sessionId = null } = photo;
    const task: Task = {
      ...{ file, title, platform, batch, image, sessionId, id, at, over, end },
      abort: new AbortController(),
      only: false,
      sentWith: null,
      keeping: Promise.resolve(),
    };
    this.tasks.set(id, task);
    this.show([...this.rows, rowOf({ ...photo, batch, image, sessionId }, id)]);
    return task;
  }

  private keep(task: Task): void {
    const { id, at, file, title, platform, batch, image, sessionId } = task;
    task.keeping = this.store
      .keep({ id, at, file, title, platform, batch, image, sessionId })
      .then((keeping) => this.set(id, { unkept: keeping === "full" }));
  }

  private drop(task: Task): Promise<void> {
    return task.keeping.then(() => this.store.drop(task.id));
  }

  /** It is in, or is not to come in. */
  private leave(task: Task): void {
    void this.drop(task).then(task.end);
  }

  private send(task: Task): void {
    this.set(task.id, { state: "waiting" });
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

  /** Brings one in; what gets lost on the way is sent again when the server answers. */
  private async bring(task: Task): Promise<void> {
    for (let lost = 1; !hasEnded(task); lost += 1) {
      try {
        await this.open(task);
        return;
      } catch (error) {
        if (hasEnded(task)) break;
        const problem = error instanceof ProblemError ? error : new ProblemError(null);
        if (problem.problem !== null || lost >= MOST_LOST) {
          this.miss(task, { error: problem });
          return;
        }
        if (!(await this.read(task))) {
          this.miss(task, { refusal: { why: "unreadable" } });
          return;
        }
        // That it will be sent later is promised once it outlives the page.
        await task.keeping;
        if (hasEnded(task)) break;
        this.set(task.id, { state: isOffline() ? "offline" : "away" });
        if (await this.server.reached(task.abort.signal)) lost = 0;
      }
    }
    this.set(task.id, { state: "canceled" });
  }

  private async open(task: Task): Promise<void> {
    const { id, file, title, platform, abort } = task;
    if (!task.image) {
      this.set(id, { state: "sending", percent: 0 });
      task.image = await this.server.upload(file, abort.signal, (percent) => this.set(id, { percent }));
      this.set(id, { percent: 100, firstFrameOnly: task.image.first_frame_only, image: task.image });
    }
    if (task.batch !== null) {
      // The server has it: the browser remembers only which it is.
      task.file = new File([], file.name);
      this.keep(task);
      this.set(id, { state: "ready", preview: task.image.thumbnail_url });
      return;
    }
    this.set(id, { state: "opening" });
    const named = title === null ? {} : { title };
    const session = await this.server.openSession({ image_id: task.image.id, platform, ...named });
    this.set(id, { state: "done", session });
    this.tasks.delete(id);
    this.leave(task);
    this.attendant?.onProduct();
    if (task.only) this.watcher?.(session);
  }

  /** What was picked may have been moved or changed on the disk since; the store has the photo itself. */
  private async read(task: Task): Promise<boolean> {
    if (await isReadable(task.file)) return true;
    const kept = await this.store.find(task.id);
    if (!kept || !(await isReadable(kept.file))) return false;
    task.file = kept.file;
    return true;
  }

  private miss(task: Task, why: { refusal: Refusal } | { error: ProblemError }): void {
    this.set(task.id, { state: "refusal" in why ? "refused" : "failed", ...why });
    if (task.batch === null) task.image = null;
    if (!("error" in why && canGoAgain(why.error))) void this.drop(task);
    if (this.watcher === null) this.missed.push({ name: task.file.name, refusal: null, error: null, ...why });
  }

  /** Photos of products that are there already, for the batch that is put together. */
  addProducts(sessions: readonly Session[]): void {
    for (const { id, title, image } of sessions) {
      if (this.rows.some(({ batch, sessionId }) => batch === DRAFT && sessionId === id)) continue;
      const file = new File([], title || image.id);
      const uploaded = { ...image, first_frame_only: false };
      const photo = { file, title, platform: null, batch: DRAFT, image: uploaded, sessionId: id };
      const task = this.take(photo, Date.now());
      alone(task.id, () => task.over);
      this.keep(task);
      this.set(task.id, { state: "ready" });
    }
  }

  /** The batch has begun with what the server has; what is still on its way follows. */
  begun(batch: string, taken: readonly string[]): void {
    for (const id of taken) this.dismiss(id);
    for (const task of this.tasks.values()) {
      if (task.batch !== DRAFT) continue;
      task.batch = batch;
      this.set(task.id, { batch });
      this.keep(task);
    }
    if (this.busy === 0) void this.deliver();
  }

  /** Adds the photos that the server has to their batches, in one request for each. */
  private async deliver(): Promise<void> {
    const ready = this.rows.filter((row) => row.state === "ready" && row.batch !== DRAFT);
    const groups = new Map<string, Task[]>();
    for (const [place, { id }] of ready.entries()) {
      const task = this.tasks.get(id);
      if (!task) continue;
      task.sentWith ??= `${task.batch ?? ""}.${ready[place - (place % MOST_ITEMS)]?.id ?? id}`;
      groups.set(task.sentWith, [...(groups.get(task.sentWith) ?? []), task]);
    }
    for (const [key, tasks] of groups) await this.deliverGroup(key, tasks);
  }

  private async deliverGroup(key: string, tasks: readonly Task[]): Promise<void> {
    const batch = tasks[0]?.batch ?? "";
    for (const { id } of tasks) this.set(id, { state: "opening" });
    try {
      const items = tasks.flatMap(({ image, sessionId, title, file }) =>
        image ? [{ image_id: image.id, session_id: sessionId, title: title ?? nameOf(file) }] : [],
      );
      await this.server.addToBatch(batch, items, key);
      for (const { id } of tasks) this.dismiss(id);
      this.attendant?.onBatch(batch);
    } catch (error) {
      const problem = error instanceof ProblemError ? error : new ProblemError(null);
      for (const { id } of tasks) this.set(id, { state: "failed", error: problem });
    }
  }

  private readonly signedIn = (): void => {
    for (const { id, error } of this.rows) if (error?.code === "E_UNAUTHORIZED") void this.again(id, false);
  };

  private set(id: string, part: Partial<UploadRow>): void {
    this.show(this.rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  }

  private show(rows: readonly UploadRow[]): void {
    const shown = new Set(rows.map(({ preview }) => preview));
    // The browser holds a photo until its preview is let go.
    for (const { preview } of this.rows) {
      if (preview.startsWith("blob:") && !shown.has(preview)) URL.revokeObjectURL(preview);
    }
    this.rows = rows;
    this.listeners.forEach((listener) => listener());
  }
}

/** States in which nothing is under way that would itself say that it was called off. */
const idle = new Set<UploadRow["state"]>(["checking", "waiting", "offline", "away"]);
