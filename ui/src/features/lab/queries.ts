/** Queries for golden set runs, their comparison and votes. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap, type Schemas } from "@/api/client";

export type GoldenRun = Schemas["GoldenRun"];
export type GoldenCase = Schemas["GoldenCase"];
export type GoldenComparison = Schemas["GoldenComparison"];

export const goldenQuery = queryOptions({
  queryKey: ["golden"],
  queryFn: ({ signal }) => unwrap(api.GET("/golden", { signal })).then(({ runs }) => runs),
});

export const comparisonQuery = (run: string, before: string) =>
  queryOptions({
    queryKey: ["golden", run, before],
    // A finished run never changes.
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/golden/{run_id}/compare/{before_id}", {
          params: { path: { run_id: run, before_id: before } },
          signal,
        }),
      ),
  });

/** Vote among the pictures shown; `choice` is null when none of them is acceptable. */
type Vote = { case: string; shown: readonly string[]; choice: string | null };

export function useVote() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ case: name, shown: [run = "", ...others], choice }: Vote) =>
      unwrap(api.POST("/golden/vote", { body: { case: name, run, others, choice } })),
    onSuccess: ({ case: name, choice, adoption }) => {
      client.setQueryData(goldenQuery.queryKey, (runs) =>
        runs?.map((run) => {
          const standing = adoption[run.id];
          return standing ? withVote({ ...run, adoption: standing }, name, choice) : run;
        }),
      );
    },
  });
}

function withVote(run: GoldenRun, name: string, choice: string | null): GoldenRun {
  return {
    ...run,
    cases: run.cases.map((one) => (one.case === name ? { ...one, voted: true, my_vote: choice } : one)),
  };
}
