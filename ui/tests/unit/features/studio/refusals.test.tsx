import { QueryClient } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { codeOf } from "@/api/problems";
import { sessionQuery } from "@/api/queries";
import { press, useRuns, useRunsWait } from "@/features/studio/hooks/use-runs";
import { useSelection } from "@/features/studio/hooks/use-selection";
import { turnsOf } from "@/features/studio/turns";
import { jobOf } from "../../jobs";
import { problem } from "../../problem";
import { serve } from "../../server";
import { inPage } from "../../page";

const pictureOf = (id: string, ordinal: number) =>
  ({
    id,
    session_id: "ses_1",
    job_id: "job_1",
    role: "candidate",
    ordinal,
    adopted: false,
    plan: { backdrop: { kind: "white" } },
  }) as Schemas["Variant"];

const [first, second] = [pictureOf("var_1", 1), pictureOf("var_2", 2)];
const session = {
  id: "ses_1",
  jobs: [jobOf({ id: "job_1", status: "succeeded", variants: [first, second] })],
  variants: [first, second],
  context: { wishes: [] },
} as unknown as Schemas["Session"];

/** The studio of a product with two pictures, neither of them adopted; the second is shown. */
function studio(answers: Record<string, Response>) {
  const client = new QueryClient();
  const { queryKey } = sessionQuery(session.id);
  client.setQueryData(queryKey, session);
  const calls = serve(({ call }) => answers[call]);
  const wrapper = ({ children }: { children: ReactNode }) => inPage(children, { client });
  const { result } = renderHook(
    () => {
      const turns = turnsOf(client.getQueryData(queryKey) ?? session);
      const runs = useRuns(session.id);
      return { runs, wait: useRunsWait(runs), selection: useSelection(turns) };
    },
    { wrapper },
  );
  act(() => result.current.selection.pick(second.id));
  const refine = (prompt: string) =>
    act(async () => {
      const order = { base: second, prompt, candidates: 1, provider: null };
      await result.current.runs.refine.mutateAsync(press(order)).catch(() => undefined);
    });
  const asked = () => calls.map(({ call }) => call);
  return { result, refine, asked, known: () => client.getQueryData(queryKey) };
}

test("a refused refinement adopts nothing: the pictures, their plans and the choice stay as they were", async () => {
  const { result, refine, asked, known } = studio({
    "POST /refine": Response.json(problem("E_PROMPT_INVALID", 422), { status: 422 }),
  });
  await refine("a unicorn");
  await vi.waitFor(() => expect(codeOf(result.current.runs.refine.error)).toBe("E_PROMPT_INVALID"));
  expect(asked()).toEqual(["POST /refine"]);
  expect(known()).toBe(session);
  expect(result.current.selection.variant).toBe(second);
});

test("a refinement that is accepted adopts the picture that it goes on from", async () => {
  const job = jobOf({ id: "job_2", status: "queued" });
  const adopted = { ...second, adopted: true };
  const { refine, asked, known } = studio({
    "POST /refine": Response.json(job, { status: 202 }),
    "POST /variant/{variant_id}/adopt": Response.json(adopted),
  });
  await refine("warmer");
  await vi.waitFor(() => expect(known()?.variants).toEqual([first, adopted]));
  expect(asked()).toEqual(["POST /refine", "POST /variant/{variant_id}/adopt"]);
  expect(known()?.jobs.map(({ id }) => id)).toEqual(["job_1", "job_2"]);
});

test("the wait of the newest order counts, whatever an earlier one was refused for", async () => {
  const { result } = studio({
    "POST /edit": Response.json(problem("E_PROMPT_INVALID", 422), { status: 422 }),
    "POST /refine": Response.json(problem("E_RATE_LIMITED", 429), {
      status: 429,
      headers: { "Retry-After": "28" },
    }),
  });
  const edit = press({ operation: "optimize" as const, candidates: 1 });
  const arrange = press({ base: second, changes: { layout: { scale: 0.5 } } });
  vi.setSystemTime(1_000);
  await act(() => result.current.runs.edit.mutateAsync(edit).catch(() => undefined));
  vi.setSystemTime(2_000);
  await act(() => result.current.runs.arrange.mutateAsync(arrange).catch(() => undefined));
  await vi.waitFor(() => expect(result.current.wait).toBe(28));
});
