/** Follows the event stream of a batch while its screen is shown. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Schemas } from "@/api/client";
import { followStream, type Connection } from "@/api/events";
import { sessionQuery } from "@/api/queries";
import { isUnderWay, withChanges } from "../items";
import { batchQuery, itemsQuery, type Item } from "../queries";

type Events = Schemas["BatchEvents"];

/** Debounce in milliseconds: a replay has hundreds of events, which are rendered together. */
const DEBOUNCE_MS = 100;

/** `isOn` must be true only after the items are loaded, so that stream events are newer than the list. */
export function useBatchStream(id: string, isOn: boolean): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("open");
  useEffect(() => {
    if (!isOn) return;
    let seq = 0;
    let timer = 0;
    const changed = new Map<string, Item>();
    let progress: Events["progress"] | null = null;
    const batchKey = batchQuery(id).queryKey;
    const itemsKey = itemsQuery(id).queryKey;
    const show = () => {
      timer = 0;
      const latest = progress;
      client.setQueryData(itemsKey, (items) => items && withChanges(items, changed));
      // A picture that was made meanwhile belongs to the product as well.
      for (const { session_id } of changed.values())
        if (session_id) void client.invalidateQueries({ queryKey: sessionQuery(session_id).queryKey });
      changed.clear();
      if (!latest) return;
      client.setQueryData(
        batchKey,
        (batch) => batch && { ...batch, status: latest.status, counts: latest.counts },
      );
      const known = client.getQueryData(itemsKey)?.length ?? 0;
      const all = Object.values(latest.counts).reduce((sum, count) => sum + count, 0);
      if (known !== all) void client.invalidateQueries({ queryKey: itemsKey });
    };
    const stop = followStream({
      path: `/stream/batch/${id}`,
      names: ["progress", "item", "finished"],
      seq: () => seq,
      onMessage: (name, data) => {
        const event = data as Events[keyof Events];
        if (event.seq <= seq) return false;
        seq = event.seq;
        if ("item" in event) {
          if (event.item) changed.set(event.item.id, event.item);
        } else progress = event;
        timer ||= window.setTimeout(show, DEBOUNCE_MS);
        // Refetch cost and end time, which the event does not carry.
        if (name === "finished") void client.invalidateQueries({ queryKey: batchKey, exact: true });
        return false;
      },
      onConnection: setConnection,
      onPoll: async () => {
        const batch = await client.query({ ...batchQuery(id), staleTime: 0 });
        await client.invalidateQueries({ queryKey: itemsKey });
        return !isUnderWay(batch);
      },
    });
    return () => {
      window.clearTimeout(timer);
      if (timer) show();
      stop();
    };
  }, [client, id, isOn]);
  return connection;
}
