import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { usePreview } from "@/features/studio/stage/use-preview";
import { problem } from "../../problem";
import { serve } from "../../server";

const variant = { id: "var_1", session_id: "ses_1" } as Schemas["Variant"];

function Preview({ x }: { x: number | null }) {
  const preview = usePreview(x === null ? null : { variant, changes: { framing: { x } } });
  return <output>{preview ? `${preview.url} ${preview.isCurrent ? "current" : "late"}` : "none"}</output>;
}

test("one preview is asked for at a time, the latest place wins, and a refusal takes the old one away", async () => {
  const waiting: ((answer: Response) => void)[] = [];
  const asked = serve(() => new Promise((resolve) => waiting.push(resolve)));
  let made = 0;
  const revoke = vi.fn();
  Object.assign(URL, { createObjectURL: () => `blob:${(made += 1)}`, revokeObjectURL: revoke });
  const client = new QueryClient();
  const at = (x: number | null) => (
    <QueryClientProvider client={client}>
      <Preview x={x} />
    </QueryClientProvider>
  );
  const shown = screen.getByRole.bind(screen, "status");
  const { rerender } = render(at(0.1));
  rerender(at(0.2));
  rerender(at(0.3));
  await vi.waitFor(() => {
    expect(waiting).toHaveLength(1);
  });
  act(() => {
    waiting[0]?.(new Response(new Blob()));
  });
  await vi.waitFor(() => {
    expect(waiting).toHaveLength(2);
  });
  expect(shown()).toHaveTextContent("blob:1 late");
  expect(asked.at(-1)?.body).toMatchObject({ changes: { framing: { x: 0.3 } } });
  act(() => {
    waiting[1]?.(Response.json(problem("E_RATE_LIMITED", 429), { status: 429 }));
  });
  await vi.waitFor(() => {
    expect(shown()).toHaveTextContent("none");
  });
  expect(revoke).toHaveBeenCalledWith("blob:1");
  expect(waiting).toHaveLength(2);
  rerender(at(null));
  expect(shown()).toHaveTextContent("none");
});
