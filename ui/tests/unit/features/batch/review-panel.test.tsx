import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Fragment } from "react";
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { ReviewPanel } from "@/features/batch/components/review-panel";
import { serve } from "../../server";
import { cacheWith, inPage } from "../../page";

const batch = { id: "bat_1", recipe: { prompt: null, presets: [], approve_from: 0.9 } };
const item = {
  ...{ id: "itm_1", session_id: "ses_1", variant_id: "var_1", status: "succeeded", title: "Shirt" },
  ...{
    prompt: null,
    quality: 0.95,
    warnings: [],
    error: null,
    photo_thumbnail_url: "/p",
    thumbnail_url: "/t",
  },
};
const variant = {
  id: "var_1",
  role: "candidate",
  ordinal: 1,
  image: { created_at: "", thumbnail_url: "/t" },
};
const session = { id: "ses_1", variants: [variant] };

const nothing = () => undefined;

function shown(
  now: object,
  onUndo: (() => void) | null = nothing,
  onUseEarlier: (id: string) => void = nothing,
) {
  return (
    <ReviewPanel
      batch={batch as unknown as Schemas["Batch"]}
      item={{ ...item, ...now } as unknown as Schemas["BatchItem"]}
      {...{ place: 1, left: 1, isNamed: false, isRepairing: false, isBusy: false }}
      parts={{ picture: ({ id }) => <output>{id}</output>, marks: () => null, checks: () => null }}
      {...{ onShow: nothing, onApprove: nothing, onReject: nothing, onUseEarlier, onUndo, onFix: nothing }}
    />
  );
}

test("words that are being changed stay while the picture is loaded and while the item gets another one", async () => {
  let answer: (session: object) => void = nothing;
  const answered = new Promise((done) => (answer = done));
  serve(() => answered);
  const client = cacheWith({
    limits: { max_prompt_characters: 500 },
    features: {},
  });
  const screenOf = (now: object) => inPage(shown(now), { client });
  const { rerender } = render(screenOf({}));
  fireEvent.click(screen.getByRole("button", { name: "Change the request" }));
  fireEvent.change(screen.getByLabelText("Request for this photo"), { target: { value: "warmer" } });
  answer(session);
  expect(await screen.findByText("ses_1")).toBeVisible();
  expect(screen.getByLabelText("Request for this photo")).toHaveValue("warmer");
  rerender(screenOf({ variant_id: "var_2", status: "needs_review" }));
  expect(screen.getByLabelText("Request for this photo")).toHaveValue("warmer");
});

test("words that are being changed are there again after another item was selected or while this one is made", () => {
  serve(() => new Promise(nothing));
  const client = cacheWith({ limits: { max_prompt_characters: 500 }, features: {} });
  const { rerender } = render(inPage(<Fragment key="1">{shown({ id: "itm_3" })}</Fragment>, { client }));
  fireEvent.click(screen.getByRole("button", { name: "Change the request" }));
  fireEvent.change(screen.getByLabelText("Request for this photo"), { target: { value: "colder" } });
  rerender(inPage(<Fragment key="2">{shown({ id: "itm_4" })}</Fragment>, { client }));
  expect(screen.queryByLabelText("Request for this photo")).toBeNull();
  rerender(inPage(<Fragment key="3">{shown({ id: "itm_3", status: "running" })}</Fragment>, { client }));
  expect(screen.getByLabelText("Request for this photo")).toHaveValue("colder");
  expect(screen.getByLabelText("Request for this photo")).not.toHaveFocus();
  expect(screen.getByRole("button", { name: "Make it again" })).toBeDisabled();
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(sessionStorage.getItem("stillroom.draft.item.itm_3")).toBeNull();
});

test("an item can be decided on before its product is loaded", () => {
  serve(() => new Promise(nothing));
  render(inPage(shown({})));
  expect(screen.getByRole("button", { name: /Approve/ })).toBeEnabled();
});

test("nothing can be undone before the first decision", () => {
  serve(() => new Promise(nothing));
  render(inPage(shown({}, null)));
  expect(screen.getByRole("button", { name: /^Undo/ })).toBeDisabled();
});

test("a cut product is said once, by the marks, and not again by the quality", () => {
  serve(() => new Promise(nothing));
  render(inPage(shown({ status: "needs_review", quality: 0.5, warnings: ["product_cut", "over_budget"] })));
  expect(screen.getByText(/budget/i)).toBeVisible();
  expect(screen.queryByText(/cut/i)).toBeNull();
});

const failed = { status: "failed", variant_id: null, error: { code: "E_INTERNAL", title: "Broken" } };

test("an item that failed with other words offers the picture that was made before", async () => {
  serve(() => ({ ...session, variants: [variant, { ...variant, id: "var_2" }] }));
  const used: string[] = [];
  const client = cacheWith({ limits: { max_prompt_characters: 500 }, features: {}, errors: [] });
  render(
    inPage(
      shown(failed, null, (id) => used.push(id)),
      { client },
    ),
  );
  fireEvent.click(await screen.findByRole("button", { name: "Use the earlier picture" }));
  fireEvent.click(screen.getByRole("button", { name: "Choice 1 of Shirt" }));
  fireEvent.click(screen.getByRole("button", { name: "Use the earlier picture" }));
  expect(used).toEqual(["var_2", "var_1"]);
  expect(screen.getByText("Broken")).toBeVisible();
});

test("an item that failed at first has no picture to use", async () => {
  const calls = serve(() => ({ ...session, variants: [] }));
  const client = cacheWith({ limits: { max_prompt_characters: 500 }, features: {}, errors: [] });
  render(inPage(shown(failed), { client }));
  await waitFor(() => expect(client.getQueryData(["session", "ses_1"])).toBeDefined());
  expect(calls).toHaveLength(1);
  expect(screen.queryByRole("button", { name: "Use the earlier picture" })).toBeNull();
});
