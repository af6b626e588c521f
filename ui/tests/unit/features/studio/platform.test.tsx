import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, it } from "vitest";
import { sessionQuery } from "@/api/queries";
import { useRuns } from "@/features/studio/hooks/use-runs";
import { TranslationProvider } from "@/shared/i18n/translation";
import { problem } from "../../problem";
import { serve } from "../../server";

it("a chosen platform holds at once, and a refused one is taken back", async () => {
  let refuse: (answer: Response) => void = () => undefined;
  const held = new Promise<Response>((done) => (refuse = done));
  serve(() => held);
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  const query = sessionQuery("ses_1");
  client.setQueryData(query.queryKey, { id: "ses_1", platform: "etsy" } as never);
  const wrapper = ({ children }: { children: ReactNode }) => (
    <TranslationProvider>
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </TranslationProvider>
  );
  const { result } = renderHook(
    () => ({ runs: useRuns("ses_1"), platform: useQuery(query).data?.platform }),
    { wrapper },
  );
  act(() => result.current.runs.change.mutate({ platform: "amazon" }));
  await waitFor(() => expect(result.current.platform).toBe("amazon"));
  refuse(Response.json(problem("E_VALIDATION", 422), { status: 422 }));
  await waitFor(() => expect(result.current.platform).toBe("etsy"));
});
