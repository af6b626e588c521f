import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Session } from "@/api/client";
import { NewBatchScreen } from "@/features/batch";
import { DRAFT } from "@/shared/photos/photo-store";
import { useOutbox } from "@/shared/photos/use-outbox";
import { cacheWith, inPage } from "../../page";
import { serve, type Asked } from "../../server";

const config = {
  ...{ platforms: [], export_presets: [], providers: [], prompt_templates: [], phrases: [], errors: [] },
  ...{ limits: { max_prompt_characters: 500, max_candidates: 4 }, features: {}, budget: { used_up: false } },
  ...{ capability_map: { optimize: [], bg_replace: [], refine: [] }, scenes: [], templates: [] },
};
const product = (n: number) =>
  ({ id: `ses_${n}`, title: `Mug ${n}`, image: { id: `ast_${n}`, thumbnail_url: "/t" } }) as Session;

let outbox!: ReturnType<typeof useOutbox>["outbox"];
function Outboxed() {
  outbox = useOutbox(DRAFT).outbox;
  return null;
}

function open(answer: (asked: Asked) => unknown, draft: object | null = null): Asked[] {
  localStorage.setItem("stillroom.batch-draft", JSON.stringify(draft));
  // As from another tab, so that the value is read anew.
  window.dispatchEvent(new StorageEvent("storage"));
  const calls = serve((asked) => {
    if (asked.call.startsWith("GET")) return { items: [], next_cursor: null };
    if ((asked.body as { dry_run?: boolean }).dry_run)
      return { estimate_usd: 0, pictures: 1, provider: "local", warnings: [], not_carried_out: [] };
    return answer(asked);
  });
  render(
    inPage(
      <>
        <Outboxed />
        <NewBatchScreen />
      </>,
      { client: cacheWith(config) },
    ),
  );
  return calls;
}

const imagesOf = ({ body }: Asked) =>
  (body as { items: { image_id: string }[] }).items.map((i) => i.image_id);

test("a photo that arrives while the batch is being made is added to the batch afterwards", async () => {
  let made: (batch: object) => void = () => undefined;
  const answered = new Promise((done) => (made = done));
  const calls = open(({ call }) => (call === "POST /batch" ? answered : []));
  outbox.addProducts([product(1)]);
  fireEvent.click(await screen.findByRole("button", { name: /Start/ }));
  await waitFor(() =>
    expect(calls.some(({ call, body }) => call === "POST /batch" && isReal(body))).toBe(true),
  );
  outbox.addProducts([product(2)]);
  expect(await screen.findByText("Mug 2")).toBeVisible();
  made({ id: "bat_1" });
  await waitFor(() => expect(calls.some(({ call }) => call === "POST /batch/{batch_id}/item")).toBe(true));
  const sent = calls.filter(({ call, body }) => call.startsWith("POST") && isReal(body));
  expect(sent.map(imagesOf)).toEqual([["ast_1"], ["ast_2"]]);
});

test("a batch is made by the form when its saved recipe was deleted", async () => {
  const choices = { operation: "optimize", template: null, prompt: "warmer", candidates: 1, presets: [] };
  const calls = open(() => ({ id: "bat_1" }), {
    ...{ name: "", recipeId: "rcp_gone", budget: null, rows: [], key: "k" },
    choices: { ...choices, provider: null, platform: null, approve_from: 0.9 },
  });
  outbox.addProducts([product(3)]);
  expect(await screen.findByDisplayValue("warmer")).toBeVisible();
  fireEvent.click(await screen.findByRole("button", { name: /Start/ }));
  await waitFor(() =>
    expect(calls.some(({ call, body }) => call === "POST /batch" && isReal(body))).toBe(true),
  );
  const sent = calls.find(({ call, body }) => call === "POST /batch" && isReal(body));
  expect(sent?.body).not.toHaveProperty("recipe_id");
  expect(sent?.body).toMatchObject({ recipe: { prompt: "warmer" } });
});

const isReal = (body: unknown) => !(body as { dry_run?: boolean }).dry_run;
