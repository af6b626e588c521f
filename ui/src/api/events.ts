/** Following the stream of a job or a batch through reloads, lost connections and restarted servers. */
import { eventNames, fold, emptyFeed, type EventName, type Feed, type JobEvent } from "./feed";

export type Connection = "open" | "lost";

type Follower = {
  jobId: string;
  /** Hears of each event once, with what is known since. */
  onEvent: (event: JobEvent, feed: Feed) => void;
  onFeed: (feed: Feed) => void;
  onConnection: (connection: Connection) => void;
  /** Asks the server for the job, when the stream cannot tell; says whether the job has ended. */
  onPoll: () => Promise<boolean>;
};

type Stream = Pick<Follower, "onConnection" | "onPoll"> & {
  path: string;
  names: readonly string[];
  /** Number of the last event that was heard. */
  seq: () => number;
  /** Takes an event; says whether it was the last one. */
  onMessage: (name: string, data: unknown) => boolean;
};

const LOST_AFTER_MS = 3_000;
const POLL_AFTER_MS = 15_000;
const POLL_EVERY_MS = 5_000;
const REOPEN_AFTER_MS = 1_000;
/** As long as the server asks those to wait for whom it has no stream left. */
const REFUSED_FOR_MS = 5_000;

const storageKey = (jobId: string) => `stillroom.feed.${jobId}`;

/** What an earlier page of this tab had seen of the job. */
export function storedFeed(jobId: string): Feed {
  try {
    const raw = sessionStorage.getItem(storageKey(jobId));
    return raw ? { ...emptyFeed, ...(JSON.parse(raw) as Partial<Feed>) } : emptyFeed;
  } catch {
    return emptyFeed;
  }
}

function store(jobId: string, feed: Feed): void {
  try {
    sessionStorage.setItem(storageKey(jobId), JSON.stringify(feed));
  } catch {
    // Without storage a reload replays the stream from its beginning, which costs time and nothing else.
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
      store(jobId, feed);
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
      // Closed for good: the job has ended (204), the server has no stream left for us (429), or something in between
      // answered for a server that is down. Which of them, only asking for the job tells.
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
