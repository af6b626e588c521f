import { QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Session, Variant } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import { press, usePictureOrders, useRuns, type EditOrder } from "@/features/studio/hooks/use-runs";
import { useSelection } from "@/features/studio/hooks/use-selection";
import { turnsOf } from "@/features/studio/turns";
import { useQuery } from "@tanstack/react-query";
import { jobOf } from "../../jobs";
import { inPage } from "../../page";
import { serve } from "../../server";

const picture = {
  id: "var_1",
  session_id: "ses_1",
  job_id: "job_1",
  role: "candidate",
  ordinal: 1,
} as Variant;
const session = {
  id: "ses_1",
  jobs: [jobOf({ id: "job_1", status: "succeeded", variants: [picture] })],
  variants: [picture],
} as unknown as Session;

test("a first order that is under way is not sent again when the studio is left and opened", async () => {
  let answer: (job: object) => void = () => undefined;
  const answered = new Promise((done) => (answer = done));
  const calls = serve(() => answered);
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => inPage(children, { client });
  const studio = () => renderHook(() => useRuns("ses_1"), { wrapper });
  const order = press<EditOrder>({ operation: "bg_replace", candidates: 1, prompt: "on slate" });
  sessionStorage.setItem("stillroom.draft.start.ses_1", "on slate ");
  const first = studio();
  act(() => first.result.current.edit.mutate(order));
  await waitFor(() => expect(calls).toHaveLength(1));
  first.unmount();
  const second = studio();
  expect(second.result.current.edit.isPending).toBe(true);
  act(() => second.result.current.edit.mutate(order));
  second.unmount();
  answer(jobOf({ id: "job_1" }));
  await waitFor(() => expect(sessionStorage.getItem("stillroom.draft.start.ses_1")).toBeNull());
  expect(calls).toHaveLength(1);
});

test("a picture that is being repaired is not repaired a second time", async () => {
  let jobs = 1;
  const calls = serve(({ body }) =>
    jobOf({
      id: `job_${(jobs += 1)}`,
      variant_id: "var_1",
      restore: (body as { restore: "logo" }).restore,
    }),
  );
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(sessionQuery("ses_1").queryKey, session);
  const { result } = renderHook(
    () => {
      const turns = turnsOf(useQuery(sessionQuery("ses_1")).data ?? session);
      const runs = useRuns("ses_1");
      return { turns, ...usePictureOrders(turns, useSelection(turns), runs) };
    },
    { wrapper: ({ children }) => inPage(children, { client }) },
  );
  act(() => result.current.fix(picture, "logo"));
  await waitFor(() => expect(result.current.turns).toHaveLength(2));
  act(() => result.current.fix(picture, "logo"));
  act(() => result.current.fix(picture, "tone"));
  await waitFor(() => expect(result.current.turns).toHaveLength(3));
  expect(calls.map(({ body }) => (body as { restore: string }).restore)).toEqual(["logo", "tone"]);
});
