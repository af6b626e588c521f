/** Follows jobs while a component is mounted. */
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { storedFeed, type Connection } from "@/api/events";
import type { Feed } from "@/api/feed";
import { JobFollower, type Followed, type Listener } from "./follower";

type Feeds = { feedOf: (jobId: string) => Feed; connection: Connection };

const none: { feeds: ReadonlyMap<string, Feed>; connection: Connection } = {
  feeds: new Map(),
  connection: "open",
};

/** Follows jobs by id, so the objects may differ on each render. */
export function useJobs(jobs: readonly Followed[], on: Omit<Listener, "onChange">): Feeds {
  const [heard, setHeard] = useState(none);
  const follower = useRef<JobFollower | null>(null);
  const onJob = useEffectEvent(on.onJob);
  const onEvent = useEffectEvent<NonNullable<Listener["onEvent"]>>((...args) => on.onEvent?.(...args));
  const wanted = useEffectEvent(() => jobs);
  useEffect(() => {
    const made = new JobFollower({
      onJob: (job) => onJob(job),
      onEvent: (event, feed) => onEvent(event, feed),
      onChange: () => setHeard({ feeds: new Map(made.feeds), connection: made.connection }),
    });
    follower.current = made;
    return () => made.follow([]);
  }, []);
  const ids = jobs.map(({ id }) => id).join(" ");
  useEffect(() => follower.current?.follow(wanted()), [ids]);
  return { feedOf: (jobId) => heard.feeds.get(jobId) ?? storedFeed(jobId), connection: heard.connection };
}
