import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { DraftFoot } from "@/features/batch/components/draft-foot";
import type { Draft } from "@/features/batch/draft";
import { inPage } from "../../page";

const draft: Draft = {
  name: "",
  recipeId: "ebay_white",
  choices: {
    operation: "bg_replace",
    template: null,
    prompt: "",
    candidates: 1,
    provider: null,
    platform: null,
    presets: [],
    approve_from: 0.9,
  },
  budget: null,
  rows: [],
  key: "",
};

const estimate = {
  items: 2,
  pictures: 2,
  estimate_usd: 0,
  budget_usd: null,
  provider: "local",
  warnings: [] as string[],
  not_carried_out: [],
};

function foot(warnings: string[]) {
  render(
    inPage(
      <DraftFoot
        draft={draft}
        name="Batch"
        photos={2}
        waiting={0}
        canBegin
        isSaid
        estimate={{ ...estimate, warnings }}
        error={null}
        isBusy={false}
        onChange={() => undefined}
        onBegin={() => undefined}
      />,
    ),
  );
}

test("a batch by this machine is free", () => {
  foot([]);
  expect(screen.getByText("free")).toBeVisible();
});

test("a batch whose price is not known is not called free", () => {
  foot(["price_unknown"]);
  expect(screen.getByText(/price not known/u)).toBeVisible();
  expect(screen.queryByText("free")).toBeNull();
});
