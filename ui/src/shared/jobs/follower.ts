/** Hears of running jobs: of the first few over streams, of the others by asking now and then. */
import type { Schemas } from "@/api/client";
import { follow, type Connection } from "@/api/events";
import type { Feed, JobEvent } from "@/api/feed";
import { fetchActive, fetchJob, isActive } from "@/api/queries";

type Job = Schemas["Job"];

/** What a follower asks of the server. */
export const server = { follow, fetchActive, fetchJob };
export type Server = typeof server;

export type Listener = {
  /** A job as the server has it now. */
  onJob: (job: Job) => void;
  /** Something that a stream told, and the connection of all of them. */
  onChange: () => void;
  /** Each event once, in order. */
  onEvent?: (event: JobEvent, feed: Feed) => void;
};

/** A browser allows six connections to a host over HTTP/1.1; pictures and calls need the others. */
const MOST_STREAMS = 3;
const POLL_EVERY_MS = 5_000;

/** Streams and polls come again by themselves. */
const ignore = () => undefined;

/** Whether a job looks different after an event, beyond what the event itself tells. */
const changesJob = (event: JobEvent) =>
  event.name !== "progress" &&
  // The answer that began the job said so already.
  !(event.name === "queued" && event.data.seq === 1) &&
  (event.name !== "log" || event.data.code === "FALLBACK");

export class JobFollower {
  readonly feeds = new Map<string, Feed>();
  private readonly stops = new Map<string, () => void>();
  private readonly connections = new Map<string, Connection>();
  private polled: readonly string[] = [];
  private timer = 0;
  private readonly listener: Listener;
  private readonly server: Server;

  constructor(listener: Listener, asked: Server = server) {
    this.listener = listener;
    this.server = asked;
  }

  get connection(): Connection {
    return [...this.connections.values()].includes("lost") ? "lost" : "open";
  }

  /** Opens the streams of the oldest of these jobs, which run next or run now, and follows no others. */
  follow(jobs: readonly Job[], streams = MOST_STREAMS): void {
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

  /** Asks for the jobs that have no stream, in as few calls as can be. */
  private async poll(): Promise<void> {
    const active = await this.server.fetchActive().catch(() => null);
    if (!active) return;
    // What a stream tells is newer than any answer.
    for (const jobId of this.polled) {
      const now = active.find(({ id }) => id === jobId);
      if (now) this.listener.onJob(now);
      else await this.ask(jobId).catch(ignore);
    }
  }

  private async ask(jobId: string): Promise<boolean> {
    const job = await this.server.fetchJob(jobId);
    this.listener.onJob(job);
    return !isActive(job);
  }

  private listen(jobId: string): () => void {
    return this.server.follow({
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
