import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { api, type Schemas } from "@/api/client";
import { ProblemError } from "@/api/problems";
import { usePreview } from "@/features/studio/hooks/use-preview";

const variant = { id: "var_1", session_id: "ses_1" } as Schemas["Variant"];

function Preview({ x }: { x: number | null }) {
  const url = usePreview(x === null ? null : { variant, changes: { framing: { x } } });
  return <output>{url ?? "none"}</output>;
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("one preview is asked for at a time, the latest place wins, and a refusal takes the old one away", async () => {
  const waiting: { resolve: (answer: object) => void; reject: (error: Error) => void }[] = [];
  const post = vi.spyOn(api, "POST").mockImplementation(
    () =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
      }),
  );
  let made = 0;
  const revoke = vi.fn();
  vi.stubGlobal("URL", { ...URL, createObjectURL: () => `blob:${(made += 1)}`, revokeObjectURL: revoke });
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
    waiting[0]?.resolve({ data: new Blob(), response: new Response() });
  });
  await vi.waitFor(() => {
    expect(waiting).toHaveLength(2);
  });
  expect(shown()).toHaveTextContent("blob:1");
  expect(JSON.stringify(post.mock.lastCall)).toContain('"framing":{"x":0.3}');
  act(() => {
    waiting[1]?.reject(new ProblemError({ code: "E_RATE_LIMITED", status: 429 } as never));
  });
  await vi.waitFor(() => {
    expect(shown()).toHaveTextContent("none");
  });
  expect(revoke).toHaveBeenCalledWith("blob:1");
  expect(waiting).toHaveLength(2);
  rerender(at(null));
  expect(shown()).toHaveTextContent("none");
});
