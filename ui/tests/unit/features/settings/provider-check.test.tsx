import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import { ProviderCheck } from "@/features/settings/components/provider-check";
import { type Locale } from "@/shared/i18n/translation";
import { serve } from "../../server";
import { inPage } from "../../page";

const words = { zh: "密钥无效。", en: "The key is not accepted." };

function shown(locale: Locale, checks: Schemas["ProviderCheck"][]) {
  serve(({ call }) => (call === "GET /config" ? { providers: [], errors: [] } : { checks }));
  render(inPage(<ProviderCheck />, { locale }));
  fireEvent.click(screen.getByRole("button"));
}

test.each([
  ["en", words.en],
  ["zh", words.zh],
] as const)("a check tells in the reader's language what to do (%s)", async (locale, text) => {
  shown(locale, [
    { provider: "seedream", model: "doubao-seedream-5-0", verdict: "fail", code: "key", words },
  ]);
  expect(await screen.findByText(text)).toBeVisible();
  expect(screen.getByText("doubao-seedream-5-0")).toBeVisible();
});

test("without a cloud the check says that there is nothing to check", async () => {
  shown("en", []);
  expect(await screen.findByText(/No cloud model is set up/)).toBeVisible();
});
