/** Runs to compare, up to three. Default: the latest run and the one before. */
import { useState } from "react";
import type { GoldenRun } from "../queries";

export function useChosenRuns(runs: readonly GoldenRun[]) {
  const [ids, setIds] = useState<readonly (string | null)[]>([
    runs[0]?.id ?? null,
    runs[1]?.id ?? null,
    null,
  ]);
  // A run that is listed twice is shown once, because a vote between equal pictures means nothing.
  const chosen = [...new Set(ids)].flatMap((id) => runs.find((run) => run.id === id) ?? []);
  return {
    chosen,
    choose: (place: number, id: string | null) =>
      setIds((old) => old.map((other, index) => (index === place ? id : other))),
  };
}
