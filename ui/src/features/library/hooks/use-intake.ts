/** The photos on their way in from this page. They go on while other screens are shown. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { Intake, server, type UploadRow } from "../intake";
import { IndexedPhotos } from "../photo-store";
import { sessionsQuery } from "../queries";
import { useTellMissed } from "./use-tell-missed";

const intake = new Intake(new IndexedPhotos(), server);
let begun: Promise<void> | null = null;

/** For the screen that shows them; `onOnly` hears of the product that a photo added alone became. */
export function useIntake(onOnly: (session: Schemas["Session"]) => void): {
  intake: Intake;
  rows: readonly UploadRow[];
} {
  const rows = useSyncExternalStore(intake.subscribe, intake.snapshot);
  const open = useEffectEvent(onOnly);
  useEffect(() => intake.watch((session) => open(session)), []);
  return { intake, rows };
}

/** For the page as a whole: takes up what was kept, and tells on other screens what did not come in. */
export function useIntakeKept(): void {
  const client = useQueryClient();
  const { data: config } = useQuery(configQuery);
  const tellMissed = useEffectEvent(useTellMissed());
  useEffect(
    () =>
      intake.attend({
        onMissed: (missed) => tellMissed(missed),
        onProduct: () => void client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
      }),
    [client],
  );
  useEffect(() => {
    begun ??= intake.begin();
  }, []);
  const limits = config?.limits;
  useEffect(() => {
    if (limits) intake.allow({ maxBytes: limits.max_upload_bytes, maxSide: limits.max_side });
  }, [limits]);
}
