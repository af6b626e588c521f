/** Follows running jobs: a few over streams, the others by polling. */
import type { Job } from "@/api/client";
import { follow, type Connection } from "@/api/events";
import type { Feed, JobEvent } from "@/api/feed";
import { fetchActive, fetchJob, isActive } from "@/api/queries";

export type Followed = Pick<Job, "id" | "created_at">;

export type Listener = {
  /** Called with the job as the server returns it. */
  onJob: (job: Job) => void;
  /** Called when a stream event or a connection state changes. */
  onChange: () => void;
  /** Called once per event, in order. */
  onEvent?: (event: JobEvent, feed: Feed) => void;
};

/** A browser opens six connections per host over HTTP/1.1, and pictures and calls need the others. */
const MAX_STREAMS = 3;
const POLL_EVERY_MS = 5_000;

/** Errors are ignored, because streams and polls repeat. */
const ignore = () => undefined;

/** True if the event changes more of the job than the event itself contains. */
const changesJob = (event: JobEvent) =>
  event.name !== "progress" &&
  // The response that created the job contains this state.
  !(event.name === "queued" && event.data.seq === 1) &&
  (event.name !== "log" || event.data.code === "FALLBACK");

export class JobFollower {
  readonly feeds = new Map<string, Feed>();
  private readonly stops = new Map<string, () => void>();
  private readonly connections = new Map<string, Connection>();
  /** Number of the newest answer by job. An older one that comes later is out of date. */
  private readonly answered = new Map<string, number>();
  private asked = 0;
  private polled: readonly string[] = [];
  private timer = 0;
  private readonly listener: Listener;

  constructor(listener: Listener) {
    this.listener = listener;
  }

  get connection(): Connection {
    return [...this.connections.values()].includes("lost") ? "lost" : "open";
  }

  /**
   * Opens streams for the oldest of these jobs, which run now or next, polls the others, and closes all other
   * streams.
   */
  follow(jobs: readonly Followed[], streams = MAX_STREAMS): void {
    const ids = jobs.toSorted((a, b) => a.created_at.localeCompare(b.created_at)).map(({ id }) => id);
    const wanted = ids.slice(0, streams);
    for (const [jobId, stop] of this.stops) {
      if (wanted.includes(jobId)) continue;
      stop();
      this.stops.delete(jobId);
      this.connections.delete(jobId);
    }
    for (const jobId of wanted) if (!this.stops.has(jobId)) this.stops.set(jobId, this.listen(jobId));
    this.polled = ids.slice(streams);
    if (this.polled.length === 0) {
      window.clearInterval(this.timer);
      this.timer = 0;
    } else this.timer ||= window.setInterval(() => void this.poll(), POLL_EVERY_MS);
  }

  /** Polls the jobs without a stream, in as few calls as possible. */
  private async poll(): Promise<void> {
    const active = await fetchActive().catch(() => null);
    if (!active) return;
    // Jobs with a stream are skipped, because events are newer than any response.
    for (const jobId of this.polled) {
      const now = active.find(({ id }) => id === jobId);
      if (now) this.listener.onJob(now);
      else await this.ask(jobId).catch(ignore);
    }
  }

  private async ask(jobId: string): Promise<boolean> {
    const place = (this.asked += 1);
    const job = await fetchJob(jobId);
    if (place > (this.answered.get(jobId) ?? 0)) {
      this.answered.set(jobId, place);
      this.listener.onJob(job);
    }
    return !isActive(job);
  }

  private listen(jobId: string): () => void {
    return follow({
      jobId,
      onPoll: () => this.ask(jobId),
      onConnection: (connection) => {
        this.connections.set(jobId, connection);
        this.listener.onChange();
      },
      onFeed: (feed) => {
        this.feeds.set(jobId, feed);
        this.listener.onChange();
      },
      onEvent: (event, feed) => {
        if (changesJob(event)) void this.ask(jobId).catch(ignore);
        this.listener.onEvent?.(event, feed);
      },
    });
  }
}
