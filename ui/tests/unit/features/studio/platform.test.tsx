import { QueryClient, useQuery } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { cacheJob, sessionQuery } from "@/api/queries";
import { useRuns } from "@/features/studio/hooks/use-runs";
import { jobOf } from "../../jobs";
import { problem } from "../../problem";
import { serve } from "../../server";
import { inPage } from "../../page";

const query = sessionQuery("ses_1");

/** The runs of a product, and the answer to their next call, once it is given. */
function runsOf(session: Partial<Schemas["Session"]>) {
  let answer: (given: unknown) => void = () => undefined;
  const held = new Promise((done) => (answer = done));
  serve(() => held);
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(query.queryKey, session as Schemas["Session"]);
  const wrapper = ({ children }: { children: ReactNode }) => inPage(children, { client });
  const { result } = renderHook(() => ({ runs: useRuns("ses_1"), session: useQuery(query).data }), {
    wrapper,
  });
  return { client, result, answer };
}

it("a chosen platform holds at once, and a refused one is taken back", async () => {
  const { result, answer } = runsOf({ id: "ses_1", platform: "etsy" });
  act(() => result.current.runs.change.mutate({ platform: "amazon" }));
  await waitFor(() => expect(result.current.session?.platform).toBe("amazon"));
  answer(Response.json(problem("E_VALIDATION", 422), { status: 422 }));
  await waitFor(() => expect(result.current.session?.platform).toBe("etsy"));
});

it("a job that is accepted while a change of its product is saved stays", async () => {
  const jobs = [jobOf({ id: "job_1" })];
  const { client, result, answer } = runsOf({ id: "ses_1", title: "", jobs, variants: [] });
  act(() => result.current.runs.change.mutate({ title: "Mug" }));
  act(() => cacheJob(client, jobOf({ id: "job_2" })));
  answer({ id: "ses_1", title: "Mug", jobs, variants: [] });
  await waitFor(() => expect(result.current.session?.title).toBe("Mug"));
  expect(result.current.session?.jobs.map(({ id }) => id)).toEqual(["job_1", "job_2"]);
});
