/** Which runs stand side by side, up to three; the latest and the one before it until somebody chooses. */
import { useState } from "react";
import type { GoldenRun } from "../queries";

export function useChosenRuns(runs: readonly GoldenRun[]) {
  const [ids, setIds] = useState<readonly (string | null)[]>([
    runs[0]?.id ?? null,
    runs[1]?.id ?? null,
    null,
  ]);
  // A run that is named twice is shown once: there is nothing to choose between it and itself.
  const chosen = [...new Set(ids)].flatMap((id) => runs.find((run) => run.id === id) ?? []);
  return {
    chosen,
    choose: (place: number, id: string | null) =>
      setIds((old) => old.map((other, index) => (index === place ? id : other))),
  };
}
