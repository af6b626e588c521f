import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { NetworkLine } from "@/features/settings/components/models";
import { inPage } from "../../page";

const plain: Schemas["Networks"] = {
  in_use: "isnet-1024",
  licence: "Apache-2.0",
  precise: null,
  precise_licence: null,
  precise_offered: "birefnet-lite-native",
  device: "auto",
};

const shown = (networks: Schemas["Networks"], locale: "en" | "zh" = "en") =>
  render(inPage(<NetworkLine networks={networks} />, { locale }));

test.each(["en", "zh"] as const)(
  "the network in use and how to get the precise one are told (%s)",
  (locale) => {
    shown(plain, locale);
    expect(screen.getByText(/isnet-1024.*Apache-2\.0/)).toBeVisible();
    expect(screen.getByText("stillroom models fetch birefnet-lite-native")).toBeVisible();
  },
);

test("an installed precise network is told with its licence", () => {
  shown({ ...plain, precise: "birefnet-lite-native", precise_licence: "MIT", precise_offered: null });
  expect(screen.getByText(/birefnet-lite-native looks again \(MIT\)/)).toBeVisible();
  expect(screen.queryByText(/models fetch/)).toBeNull();
});

test("without a network the page says that only colour decides", () => {
  shown({ ...plain, in_use: "grabcut", licence: "", precise_offered: null });
  expect(screen.getByText(/by colour alone/)).toBeVisible();
});
