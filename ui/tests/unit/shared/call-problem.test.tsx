import { render, screen } from "@testing-library/react";
import { expect, onTestFinished, test, vi } from "vitest";
import { api, unwrap } from "@/api/client";
import { reportCall } from "@/api/connectivity";
import { ProblemError } from "@/api/problems";
import { CallProblem } from "@/shared/ui/call-problem";
import { inPage } from "../page";
import { problem } from "../problem";
import { serve } from "../server";

const shown = (call: { isPending: boolean; failureCount: number }) =>
  render(inPage(<CallProblem error={null} call={call} />));

test("a call that is repeated because it failed says so, and one on its first way does not", () => {
  shown({ isPending: true, failureCount: 0 }).unmount();
  expect(screen.queryByRole("status")).toBeNull();
  shown({ isPending: true, failureCount: 1 });
  expect(screen.getByRole("status")).toHaveTextContent("trying again");
});

test.each([
  [false, /You are offline/],
  [true, /The server did not answer/],
])("a call without an answer blames the server only if there is a network: %s", async (network, said) => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(network);
  onTestFinished(() => reportCall(true));
  serve(() => Promise.reject(new TypeError("no answer")));
  const error = await unwrap(api.GET("/config")).catch((error: unknown) => error);
  render(inPage(<CallProblem error={error} />));
  expect(screen.getByRole("alert")).toHaveTextContent(said);
});

test.each([
  ["E_STORAGE_IO", { reason: "full" }, "The server's disk is full. Delete what you no longer need."],
  ["E_STORAGE_IO", { reason: "stopping" }, "The server is being stopped; nothing was lost."],
  ["E_STORAGE_IO", { reason: "read_only" }, "The data folder is not writable. Please tell the operator."],
  [
    "E_CONFLICT",
    { what: "open_batches", limit: 50 },
    "50 batches are open already. Let one finish, or stop one.",
  ],
  ["E_AI_RATE_LIMITED", { reason: "quota" }, "The model's quota is used up. Choose another model."],
  ["E_INPUT_UNSUPPORTED", { what: "side", limit: 64 }, "Each side needs at least 64 pixels."],
])("an error that says what to do gets no other advice: %s %o", (code, params, title) => {
  const error = new ProblemError({ ...problem(code, 503), params, title, request_id: null });
  render(inPage(<CallProblem error={error} />));
  expect(screen.getByRole("alert").textContent.trim()).toBe(title);
});
