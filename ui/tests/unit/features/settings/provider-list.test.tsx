import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { ProviderList } from "@/features/settings/components/models";
import { inPage } from "../../page";

const provider = (id: string, ends: string): Schemas["ProviderState"] => ({
  id,
  name: { zh: id, en: id },
  state: "retired",
  model_in_use: null,
  reason: "retired",
  until: null,
  models: [
    {
      id: `${id}-2`,
      status: "retired",
      operations: [],
      cost_usd: 0.1,
      shuts_down_on: ends,
      ends_soon: false,
    },
  ],
});

const config = {
  providers: [provider("sora", "2026-09-24"), provider("later", "2126-03-01")],
  capability_map: { optimize: [], bg_replace: [], refine: [] },
} as unknown as Schemas["Config"];

test.each([
  ["en", "retired since Sep 24, 2026", "until Mar 1, 2126"],
  ["zh", "2026年9月24日起停用", "用到 2126年3月1日"],
] as const)("a model's last day is told as past once it is over (%s)", (locale, past, coming) => {
  render(inPage(<ProviderList config={config} />, { locale }));
  expect(screen.getByText(new RegExp(past))).toBeVisible();
  expect(screen.getByText(new RegExp(coming))).toBeVisible();
  expect(screen.queryByText(/until Sep|用到 2026/)).toBeNull();
  expect(screen.queryByText(/Last refusal|上次被拒/)).toBeNull();
});
