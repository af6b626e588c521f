/** Hearing of many jobs: the first few over streams, the others by asking now and then. */
import type { Schemas } from "@/api/client";
import type { Feed } from "@/api/feed";
import { isActive } from "@/api/queries";
import type { Server } from "./run";

type Job = Schemas["Job"];

/** A browser allows six connections to a host over HTTP/1.1; pictures and calls need the others. */
export const MOST_STREAMS = 3;

/** Streams and polls come again by themselves. */
const ignore = () => undefined;

export class Following {
  readonly feeds = new Map<string, Feed>();
  private readonly stops = new Map<string, () => void>();
  private readonly server: Server;
  private readonly onJob: (job: Job) => void;
  private readonly onFeed: () => void;

  constructor(server: Server, onJob: (job: Job) => void, onFeed: () => void) {
    this.server = server;
    this.onJob = onJob;
    this.onFeed = onFeed;
  }

  /** Opens the streams of the oldest of these jobs, which run next or run now, and closes all others. */
  follow(jobs: readonly Job[]): void {
    const wanted = new Set(
      jobs
        .toSorted((a, b) => a.created_at.localeCompare(b.created_at))
        .slice(0, MOST_STREAMS)
        .map(({ id }) => id),
    );
    for (const [jobId, stop] of this.stops) {
      if (wanted.has(jobId)) continue;
      stop();
      this.stops.delete(jobId);
    }
    for (const jobId of wanted) {
      if (!this.stops.has(jobId)) this.stops.set(jobId, this.listen(jobId));
    }
  }

  /** Asks for the jobs that have no stream, in as few calls as can be. */
  async poll(jobs: readonly Job[]): Promise<void> {
    const unheard = jobs.filter(({ id }) => !this.stops.has(id));
    if (unheard.length === 0) return;
    const active = await this.server.fetchActive().catch(() => null);
    if (!active) return;
    for (const { id } of unheard) {
      const now = active.find((job) => job.id === id);
      if (now) this.onJob(now);
      else await this.server.fetchJob(id).then(this.onJob, ignore);
    }
  }

  private listen(jobId: string): () => void {
    const ask = async () => {
      const job = await this.server.fetchJob(jobId);
      this.onJob(job);
      return !isActive(job);
    };
    return this.server.follow({
      jobId,
      onPoll: ask,
      onConnection: ignore,
      onFeed: (feed) => {
        this.feeds.set(jobId, feed);
        this.onFeed();
      },
      onEvent: (event) => {
        if (event.name !== "log" && event.name !== "progress") void ask().catch(ignore);
      },
    });
  }
}
