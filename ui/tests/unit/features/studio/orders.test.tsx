import { QueryClient } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Session, Variant } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import { usePictureOrders, useRuns } from "@/features/studio/hooks/use-runs";
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
