/** Server-sent events of a job or a batch, with reconnection after reloads, lost connections and server restarts. */
import { readStored, writeStored } from "@/shared/browser-storage";
import { eventNames, fold, emptyFeed, type EventName, type Feed, type JobEvent } from "./feed";

export type Connection = "open" | "lost";

type Follower = {
  jobId: string;
  /** Called once per event, with the feed that includes it. */
  onEvent: (event: JobEvent, feed: Feed) => void;
  onFeed: (feed: Feed) => void;
  onConnection: (connection: Connection) => void;
  /** Polls the job when the stream is silent or closed. Resolves with true if the job has ended. */
  onPoll: () => Promise<boolean>;
};

type Stream = Pick<Follower, "onConnection" | "onPoll"> & {
  path: string;
  names: readonly string[];
  /** Sequence number of the last event received. */
  seq: () => number;
  /** Handles an event. Returns true for the last one of the stream. */
  onMessage: (name: string, data: unknown) => boolean;
};

const LOST_AFTER_MS = 3_000;
const POLL_AFTER_MS = 15_000;
const POLL_EVERY_MS = 5_000;
const REOPEN_AFTER_MS = 1_000;
/** Equals the server's Retry-After when its stream limit is reached. */
const REFUSED_FOR_MS = 5_000;

const storageKey = (jobId: string) => `feed.${jobId}`;

/**
 * Returns the feed that an earlier load of this tab stored. Without a readable one, a reload replays the stream from
 * its beginning, which is slower but gives the same feed.
 */
export function storedFeed(jobId: string): Feed {
  const raw = readStored("sessionStorage", storageKey(jobId));
  try {
    return raw ? { ...emptyFeed, ...(JSON.parse(raw) as Partial<Feed>) } : emptyFeed;
  } catch {
    return emptyFeed;
  }
}

/** Follows a job until it has ended or the returned function is called. */
export function follow({ jobId, onEvent, onFeed, onConnection, onPoll }: Follower): () => void {
  let feed = storedFeed(jobId);
  if (feed.seq > 0) onFeed(feed);
  return followStream({
    path: `/stream/${jobId}`,
    names: eventNames,
    seq: () => feed.seq,
    onMessage: (name, data) => {
      const event = { name: name as EventName, data } as JobEvent;
      if (event.data.seq <= feed.seq) return false;
      feed = fold(feed, event);
      writeStored("sessionStorage", storageKey(jobId), JSON.stringify(feed));
      onFeed(feed);
      onEvent(event, feed);
      return feed.ended;
    },
    onConnection,
    onPoll,
  });
}

/** Follows a stream until its last event or until the returned function is called. */
export function followStream({ path, names, seq, onMessage, onConnection, onPoll }: Stream): () => void {
  let source: EventSource | null = null;
  let stopped = false;
  let lostTimer = 0;
  let reopenTimer = 0;
  let pollTimer = 0;
  let heardAt = Date.now();

  const stop = () => {
    stopped = true;
    source?.close();
    window.clearTimeout(lostTimer);
    window.clearTimeout(reopenTimer);
    window.clearInterval(pollTimer);
  };

  const heard = () => {
    heardAt = Date.now();
    window.clearTimeout(lostTimer);
    lostTimer = 0;
    onConnection("open");
  };

  const take = (name: string, message: MessageEvent<string>) => {
    heard();
    if (onMessage(name, JSON.parse(message.data) as unknown)) stop();
  };

  const poll = async (): Promise<"ended" | "goes on" | "no answer"> => {
    const ended = await onPoll().catch(() => null);
    if (ended) stop();
    return ended === null ? "no answer" : ended ? "ended" : "goes on";
  };

  const open = () => {
    if (stopped) return;
    const opened = new EventSource(`${path}?last_event_id=${seq()}`);
    source = opened;
    let wasOpen = false;
    opened.onopen = () => {
      wasOpen = true;
      heard();
    };
    opened.addEventListener("ping", heard);
    for (const name of names) {
      opened.addEventListener(name, (message) => take(name, message as MessageEvent<string>));
    }
    opened.onerror = () => {
      lostTimer ||= window.setTimeout(() => onConnection("lost"), LOST_AFTER_MS);
      if (opened.readyState !== EventSource.CLOSED || stopped) return;
      // A closed stream has three causes: the job has ended (204), the stream limit is reached (429), or a proxy
      // answered for a server that is down. EventSource hides the status, so poll the job to tell them apart.
      opened.close();
      void poll().then((answer) => {
        if (stopped) return;
        const refused = answer === "goes on" && !wasOpen;
        if (refused) heard();
        reopenTimer = window.setTimeout(open, refused ? REFUSED_FOR_MS : REOPEN_AFTER_MS);
      });
    };
  };

  open();
  pollTimer = window.setInterval(() => {
    if (Date.now() - heardAt > POLL_AFTER_MS) {
      onConnection("lost");
      void poll();
    }
  }, POLL_EVERY_MS);
  return stop;
}
