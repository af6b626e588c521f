import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { BatchScreen } from "@/features/batch";
import { batchQuery, itemsQuery } from "@/features/batch/queries";
import { Source } from "../../event-source";
import { cacheWith, inPage } from "../../page";
import { serve } from "../../server";

beforeEach(() => {
  vi.stubGlobal("EventSource", Source);
  Source.all = [];
});

const none = {
  ...{ waiting: 0, running: 0, needs_review: 0, succeeded: 0, approved: 0, rejected: 0, failed: 0 },
  canceled: 0,
};
const batch = (part: object) => ({
  ...{ id: "bat_1", name: "Spring", status: "running", cost_usd: 0, estimate_usd: 0, budget_usd: null },
  ...{ finished_at: null, archive_url: null, warnings: [], counts: { ...none, running: 1 } },
  recipe: { name: "", prompt: null, presets: [], approve_from: 0.9, operation: "optimize", candidates: 1 },
  ...part,
});
const item = (part: object) => ({
  ...{ id: "itm_1", session_id: "ses_1", variant_id: null, status: "running", title: "Mug", sku: null },
  ...{
    prompt: null,
    quality: null,
    warnings: [],
    error: null,
    photo_thumbnail_url: "/p",
    thumbnail_url: "/t",
  },
  ...part,
});
const over = batch({
  status: "finished",
  finished_at: "2026-11-01T00:00:00Z",
  counts: { ...none, failed: 1 },
});

const parts = { picture: () => null, marks: () => null, checks: () => null };

function open(answers: { batch: object; item: object }) {
  const calls = serve(({ call, body }) => {
    if (call === "PATCH /batch/{batch_id}/item/{item_id}") return { ...answers.item, ...(body as object) };
    if (call === "GET /batch/{batch_id}") return answers.batch;
    if (call === "GET /batch/{batch_id}/item") return { items: [answers.item], next_cursor: null };
    return new Promise(() => undefined);
  });
  const client = cacheWith({
    ...{ limits: { max_prompt_characters: 500 }, features: {}, platforms: [], export_presets: [] },
    ...{ prompt_templates: [], providers: [], errors: [], auth: "none" },
  });
  client.setDefaultOptions({ queries: { staleTime: 0 } });
  client.setQueryData(batchQuery("bat_1").queryKey, batch({}) as never);
  client.setQueryData(itemsQuery("bat_1").queryKey, [item({})] as never);
  render(inPage(<BatchScreen id="bat_1" parts={parts} renderCutout={() => null} />, { client }));
  return calls;
}

test("a batch that finished while its page was closed shows its items as they are now", async () => {
  open({ batch: over, item: item({ status: "failed" }) });
  await waitFor(() => expect(screen.getByRole("option")).toHaveTextContent(/Failed/i));
});

test.each([
  ["approved", "a", "r"],
  ["rejected", "r", "a"],
])("the key of a decision that was made already stores nothing: %s", async (status, same, other) => {
  const now = item({ status, variant_id: "var_1", session_id: null });
  const calls = open({ batch: over, item: now });
  await waitFor(() => expect(screen.getByRole("button", { name: /^(Approved|Rejected)/ })).toBeDisabled());
  fireEvent.keyDown(window, { key: same });
  fireEvent.keyDown(window, { key: other });
  const decisions = () => calls.filter(({ call }) => call.startsWith("PATCH"));
  await waitFor(() => expect(decisions()).toHaveLength(1));
  expect(decisions()[0]?.body).toMatchObject({ status: status === "approved" ? "rejected" : "approved" });
});
