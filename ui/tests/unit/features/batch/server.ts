/** A server that does what it is told, and a store that forgets with the test. */
import type { Schemas } from "@/api/client";
import { ProblemError } from "@/api/problems";
import type { Batch, Item } from "@/features/batch/list";
import type { Server } from "@/features/batch/run";
import type { Kept, Store } from "@/features/batch/store";

type Job = Schemas["Job"];

export const problem = (code: string, status: number, retryable = false): Schemas["Problem"] => ({
  type: "about:blank",
  title: code,
  status,
  detail: "",
  instance: null,
  code,
  retryable,
  request_id: "req_1",
  params: {},
});

export function variantOf(job: string, ordinal: number): Schemas["Variant"] {
  const image = { id: `${job}.${ordinal}`, width: 8, height: 8, url: "/v", thumbnail_url: "/t" };
  return {
    id: `var_${job}_${ordinal}`,
    job_id: job,
    role: "candidate",
    ordinal,
    image,
    adopted: false,
    measures: {},
    plan: { asked: [] },
  } as unknown as Schemas["Variant"];
}

export function jobOf(part: Partial<Job>): Job {
  return {
    id: "job_1",
    session_id: "ses_1",
    type: "optimize",
    status: "queued",
    candidates: 1,
    variants: [],
    fallbacks: [],
    cost_usd: 0,
    queue_position: 1,
    retry_of: null,
    last_error: null,
    created_at: "2026-11-01T00:00:00Z",
    ...part,
  } as Job;
}

export class FakeServer implements Server {
  readonly jobs = new Map<string, Job>();
  readonly keys = new Map<string, string>();
  readonly uploads: string[] = [];
  readonly retries: string[] = [];
  /** Whom each submission named, in their order. */
  readonly providers: (string | null)[] = [];
  /** What the next submissions meet instead of an answer. */
  readonly refusals: ProblemError[] = [];
  readonly streams = new Set<string>();
  mostWaiting = 0;
  mostStreams = 0;

  upload = (file: File): Promise<Schemas["UploadedImage"]> => {
    this.uploads.push(file.name);
    const id = `ast_${file.name}`;
    return Promise.resolve({ id, thumbnail_url: "/thumb" } as Schemas["UploadedImage"]);
  };

  openProduct = (_item: Item, imageId: string): Promise<Schemas["Session"]> =>
    Promise.resolve({ id: `ses_${imageId}` } as Schemas["Session"]);

  sendEdit: Server["sendEdit"] = (sessionId, { provider }, key) => {
    this.providers.push(provider);
    const known = this.keys.get(key);
    if (known === undefined) this.make(sessionId, key);
    const refused = this.refusals.shift();
    if (refused) return Promise.reject(refused);
    return Promise.resolve(this.job(this.keys.get(key) ?? ""));
  };

  sendRetry = (job: Job): Promise<Job> => {
    this.retries.push(job.id);
    return Promise.resolve(this.make(job.session_id, null, job.id));
  };

  fetchJob = (jobId: string): Promise<Job> => Promise.resolve(this.job(jobId));

  fetchActive = (): Promise<Job[]> =>
    Promise.resolve([...this.jobs.values()].filter(({ status }) => status === "queued"));

  adoptVariant = (variantId: string): Promise<Schemas["Variant"]> => {
    for (const job of this.jobs.values()) {
      const variants = job.variants.map((each) =>
        each.id === variantId ? { ...each, adopted: true } : each,
      );
      this.jobs.set(job.id, { ...job, variants });
    }
    return Promise.resolve({ id: variantId } as Schemas["Variant"]);
  };

  follow: Server["follow"] = ({ jobId, onPoll }) => {
    this.streams.add(jobId);
    this.mostStreams = Math.max(this.mostStreams, this.streams.size);
    const ended = window.setInterval(() => void onPoll(), 1);
    return () => {
      window.clearInterval(ended);
      this.streams.delete(jobId);
    };
  };

  job(id: string): Job {
    const job = this.jobs.get(id);
    if (!job) throw new ProblemError(problem("E_NOT_FOUND", 404));
    return job;
  }

  /** The oldest waiting job ends, as a server with one worker would have it. */
  finishOne(status: "succeeded" | "failed" = "succeeded", pictures = 1): void {
    const next = [...this.jobs.values()].find((job) => job.status === "queued");
    if (!next) return;
    const made = Array.from({ length: pictures }, (_, i) => variantOf(next.id, i + 1));
    const variants = status === "succeeded" ? made : [];
    this.jobs.set(next.id, { ...next, status, variants, cost_usd: 0.02 });
  }

  private make(sessionId: string, key: string | null, retryOf: string | null = null): Job {
    const number = this.jobs.size + 1;
    const job = jobOf({
      id: `job_${number}`,
      session_id: sessionId,
      retry_of: retryOf,
      created_at: new Date(Date.UTC(2026, 10, 1) + number).toISOString(),
    });
    this.jobs.set(job.id, job);
    if (key !== null) this.keys.set(key, job.id);
    const waiting = [...this.jobs.values()].filter(({ status }) => status === "queued").length;
    this.mostWaiting = Math.max(this.mostWaiting, waiting);
    return job;
  }
}

export class MemoryStore implements Store {
  private batch: Batch | null = null;
  private readonly items = new Map<string, Item>();
  readonly photos = new Map<string, File>();

  load = (): Promise<Kept | null> =>
    Promise.resolve(
      this.batch && {
        batch: this.batch,
        items: [...this.items.values()].toSorted((a, b) => a.place - b.place),
      },
    );
  saveBatch = (batch: Batch) => Promise.resolve(void (this.batch = batch));
  saveItem = (item: Item) => Promise.resolve(void this.items.set(item.id, item));
  savePhoto = (id: string, photo: File) => Promise.resolve(void this.photos.set(id, photo));
  photo = (id: string) => Promise.resolve(this.photos.get(id) ?? null);
  dropPhoto = (id: string) => Promise.resolve(void this.photos.delete(id));
  dropItem = (id: string) => {
    this.items.delete(id);
    return this.dropPhoto(id);
  };
  clear = () => {
    this.items.clear();
    this.batch = null;
    return Promise.resolve();
  };
}
