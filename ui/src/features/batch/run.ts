/** Works through the list: sends what is due, a few at a time, and hears how each item does. */
import type { Schemas } from "@/api/client";
import type { Feed } from "@/api/feed";
import { ProblemError, unauthorized } from "@/api/problems";
import { isActive } from "@/api/queries";
import { upload } from "@/api/upload";
import { freshKey } from "@/shared/fresh-key";
import { JobFollower, MOST_STREAMS, server as jobServer } from "@/shared/jobs/follower";
import { Hold, type Why } from "./hold";
import { ItemList } from "./item-list";
import {
  candidatesOf,
  isOpen,
  isRetryableItem,
  isWithinBudget,
  phaseOf,
  shownOf,
  timeLeft,
  type Batch,
  type Item,
  type Recipe,
  type Trouble,
} from "./list";
import { adoptVariant, openProduct, sendEdit, sendRetry } from "./queries";
import type { Store } from "./store";

type Job = Schemas["Job"];

/** What a batch asks of the server. */
export const server = {
  upload,
  openProduct,
  sendEdit,
  sendRetry,
  adoptVariant,
  ...jobServer,
};
export type Server = typeof server;

export type Snapshot = {
  loaded: boolean;
  /** Another tab works through the list; this one only shows it. */
  elsewhere: boolean;
  batch: Batch;
  items: readonly Item[];
  sending: ReadonlySet<string>;
  feeds: ReadonlyMap<string, Feed>;
  /** Until when nothing is sent (0: now), and why. */
  holdUntil: number;
  holdWhy: Why | null;
  leftMs: number | null;
};

/** Uploads and calls at once. */
const AT_ONCE = 2;
const REFRESH_AT_ONCE = 4;
const REREAD_EVERY_MS = 3_000;
const UNREACHABLE_HOLD_MS = 5_000;
const LOCK = "stillroom.batch";
/** A batch is paused, not broken off in the middle of a photo. */
const NEVER = new AbortController().signal;

export class BatchRun {
  private readonly list: ItemList;
  private readonly server: Server;
  private readonly follower: JobFollower;
  private readonly sending = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private readonly rekeyed = new Set<string>();
  private readonly hold = new Hold(() => {
    this.emit();
    this.pump();
  });
  private finishedAt: number[] = [];
  private loaded = false;
  private leads = false;
  private elsewhere = false;
  private watched = false;
  private queueLimit = AT_ONCE;
  private mostPerJob = 0;
  private current: Snapshot;

  constructor(store: Store, server: Server) {
    this.server = server;
    this.list = new ItemList(store, () => this.emit());
    this.follower = new JobFollower({ onJob: (job) => this.hear(job), onChange: () => this.emit() }, server);
    this.current = this.picture();
  }

  /** Reads the list, and works through it once no other tab does. */
  async begin(): Promise<void> {
    await this.list.read();
    this.loaded = true;
    this.emit();
    // Only pages served securely know locks; elsewhere two tabs send the same keys, which the server sees through.
    if (!("locks" in navigator)) return this.lead();
    const lead = async () => {
      await this.lead();
      // Held until the tab goes.
      return new Promise<never>(() => undefined);
    };
    void navigator.locks.request(LOCK, { ifAvailable: true }, async (free) => {
      if (free) await lead();
      this.elsewhere = true;
      this.list.readOnly = true;
      this.emit();
      const reading = window.setInterval(() => void this.list.read(), REREAD_EVERY_MS);
      void navigator.locks.request(LOCK, () => {
        window.clearInterval(reading);
        return lead();
      });
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): Snapshot => this.current;

  /** Streams are open only while somebody looks; other screens need them otherwise. */
  watch(): () => void {
    const look = (watched: boolean) => {
      this.watched = watched;
      this.refollow();
    };
    look(true);
    return () => look(false);
  }

  /** How many jobs the server lets wait, and what one may cost. */
  allow(queueLimit: number, mostPerJob: number): void {
    this.queueLimit = queueLimit;
    this.mostPerJob = mostPerJob;
    this.pump();
  }

  /** What a recipe begins with that nobody has chosen yet. */
  prefer(part: Pick<Recipe, "candidates" | "platform">): void {
    this.list.prefer(part);
  }

  async add(files: readonly File[], maxBytes: number): Promise<void> {
    await this.list.add(files, maxBytes);
    this.pump();
  }

  addProducts(sessions: readonly Schemas["Session"][]): void {
    this.list.addProducts(sessions);
    this.pump();
  }

  photo(id: string): Promise<File | null> {
    return this.list.photo(id);
  }

  rename(title: string): void {
    this.list.changeBatch({ title });
  }

  choose(part: Partial<Recipe>): void {
    this.list.changeBatch({ recipe: { ...this.list.batch.recipe, ...part } });
  }

  start(): void {
    this.list.changeBatch({ started: true, paused: false });
    this.pump();
  }

  /** What the server has, it finishes; nothing more is sent. */
  pause(paused: boolean): void {
    // The pace of before says nothing about what comes after a pause.
    this.finishedAt = [];
    this.list.changeBatch({ paused });
    this.pump();
  }

  remove(id: string): void {
    this.list.remove(id);
  }

  /** Forgets the list; the products stay where they are. */
  async clear(): Promise<void> {
    this.finishedAt = [];
    await this.list.clear();
    this.refollow();
  }

  /** All that failed and can be tried again; what is finished is not made again. */
  retryFailed(): void {
    for (const item of this.list.items) {
      if (!isRetryableItem(item, phaseOf(item, this.sending))) continue;
      this.list.change(item.id, { due: item.job ? "retry" : "first", trouble: null });
    }
    this.pump();
  }

  /** Once more by the same recipe; the earlier pictures stay in the product. */
  redo(id: string): void {
    this.list.change(id, { due: "redo", idempotencyKey: freshKey(), confined: null, skipped: false });
    this.pump();
  }

  skip(id: string): void {
    this.list.change(id, { skipped: true });
  }

  nextCandidate(id: string): void {
    const item = this.list.find(id);
    const count = item ? candidatesOf(item).length : 0;
    if (item && count > 1) this.list.change(id, { shown: (item.shown + 1) % count });
  }

  async adopt(id: string): Promise<void> {
    const item = this.list.find(id);
    const variant = item && shownOf(item);
    if (!variant) return;
    await this.server.adoptVariant(variant.id);
    this.list.change(id, { skipped: false, adoptedId: variant.id });
  }

  /** The server knows again who asks. */
  readonly signedIn = (): void => {
    if (this.hold.why === "signedOut") this.hold.lift();
  };

  private async lead(): Promise<void> {
    // The tab that led before may have gone far since this one read.
    await this.list.read();
    this.leads = true;
    this.elsewhere = false;
    this.list.readOnly = false;
    window.addEventListener("online", this.pump);
    unauthorized.addEventListener("refused", () => this.hold.untilSignIn());
    unauthorized.addEventListener("known", this.signedIn);
    this.emit();
    await this.refresh();
    this.pump();
  }

  /** What happened while no page was open. */
  private async refresh(): Promise<void> {
    const jobs = this.list.items.flatMap(({ job }) => job ?? []);
    const work = async () => {
      for (let job = jobs.shift(); job; job = jobs.shift()) {
        const now = await this.server.fetchJob(job.id).catch(() => null);
        if (now) this.hear(now, true);
      }
    };
    await Promise.all(Array.from({ length: REFRESH_AT_ONCE }, work));
  }

  private readonly pump = (): void => {
    this.refollow();
    const { started, paused } = this.list.batch;
    if (!this.leads || !started || paused || this.hold.isOn) return;
    for (;;) {
      const waiting = this.openJobs().filter(({ status }) => status === "queued").length;
      if (this.sending.size >= Math.min(AT_ONCE, this.queueLimit - waiting)) return;
      const next = this.nextDue();
      if (!next) return;
      void this.send(next);
    }
  };

  private nextDue(): Item | undefined {
    const due = this.list.items.filter((item) => item.due !== null && !this.sending.has(item.id));
    // Somebody waits for what was asked for again.
    return due.find((item) => item.due !== "first") ?? due[0];
  }

  private async send({ id }: Item): Promise<void> {
    this.sending.add(id);
    this.emit();
    try {
      const job = await this.submit(id);
      const { job: earlier, spentBefore } = this.list.find(id) ?? { job: null, spentBefore: 0 };
      const spent = earlier && earlier.id !== job.id ? spentBefore + earlier.cost_usd : spentBefore;
      const part = { job, spentBefore: spent, due: null, trouble: null, shown: 0, adoptedId: null };
      this.list.change(id, part);
    } catch (error) {
      this.suffer(id, error);
    } finally {
      this.sending.delete(id);
      this.emit();
      this.pump();
    }
  }

  private async submit(id: string): Promise<Job> {
    const { recipe } = this.list.batch;
    const item = this.list.find(id);
    if (!item) throw new PhotoLost();
    let { sessionId, imageId } = item;
    if (sessionId === null) {
      if (imageId === null) {
        const photo = await this.list.photo(id);
        if (!photo) throw new PhotoLost();
        const image = await this.server.upload(photo, NEVER, () => undefined);
        imageId = image.id;
        this.list.change(id, { imageId, thumbnailUrl: image.thumbnail_url });
      }
      const session = await this.server.openProduct(item, imageId, recipe);
      sessionId = session.id;
      this.list.change(id, { sessionId });
      this.list.dropPhoto(id);
    }
    if (item.due === "retry" && item.job) return this.server.sendRetry(item.job);
    const confined = item.confined ?? !isWithinBudget(recipe, this.list.items, this.sending, this.mostPerJob);
    // Decided once: the same key must not come with another request.
    this.list.change(id, { confined });
    const asked = confined ? { ...recipe, provider: "local" } : recipe;
    return this.server.sendEdit(sessionId, asked, item.idempotencyKey);
  }

  /** A server that is away, busy or does not know us holds everything up; anything else is this item's own trouble. */
  private suffer(id: string, error: unknown): void {
    const trouble = (part: Trouble) => this.list.change(id, { due: null, trouble: part });
    if (error instanceof PhotoLost) trouble({ why: "lost" });
    else if (!(error instanceof ProblemError)) throw error;
    else if (error.problem === null || error.problem.status >= 502) {
      this.hold.take(UNREACHABLE_HOLD_MS, "unreachable");
    } else if (error.code === "E_RATE_LIMITED") {
      this.hold.take(Math.max(1, error.retryAfterSeconds) * 1000, "limited");
    } else if (error.code === "E_UNAUTHORIZED") {
      this.hold.untilSignIn();
    } else if (error.code === "E_IDEMPOTENCY_MISMATCH" && !this.rekeyed.has(id)) {
      this.rekeyed.add(id);
      this.list.change(id, { idempotencyKey: freshKey() });
    } else {
      const { code, title, retryable } = error.problem;
      trouble({ why: "problem", code, title, retryable });
    }
  }

  /** Takes in a job as it now is; quietly what ended while nobody timed it. */
  private hear(job: Job, quietly = false): void {
    const item = this.list.items.find((other) => other.job?.id === job.id);
    if (!item?.job) return;
    const ended = isActive(item.job) && !isActive(job);
    if (ended && !quietly) this.finishedAt.push(Date.now());
    this.list.change(item.id, { job });
    if (ended) this.pump();
  }

  private openJobs(): Job[] {
    return this.list.items.filter(isOpen).flatMap(({ job }) => job ?? []);
  }

  private refollow(): void {
    const isKnown = this.leads && this.hold.why !== "signedOut";
    this.follower.follow(isKnown ? this.openJobs() : [], this.watched ? MOST_STREAMS : 0);
  }

  private picture(): Snapshot {
    const { batch, items } = this.list;
    const phases = items.map((item) => phaseOf(item, this.sending));
    const left = phases.filter((phase) => phase !== "done" && phase !== "failed").length;
    return {
      loaded: this.loaded,
      elsewhere: this.elsewhere,
      batch,
      items,
      sending: new Set(this.sending),
      feeds: new Map(this.follower.feeds),
      holdUntil: this.hold.until,
      holdWhy: this.hold.why,
      leftMs: timeLeft(this.finishedAt, left),
    };
  }

  private emit(): void {
    this.current = this.picture();
    this.listeners.forEach((listener) => listener());
  }
}

class PhotoLost extends Error {}
