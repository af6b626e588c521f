import { QueryClient } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Variant } from "@/api/client";
import ExportDialog from "@/features/export/components/export-dialog";
import { inPage } from "../../page";
import { problem } from "../../problem";
import { serve } from "../../server";

test("without the server's configuration the dialog says so and tries again", async () => {
  const calls = serve(() => Response.json(problem("E_INTERNAL", 500), { status: 500 }));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const shown = { variant: { id: "var_1" } as Variant, number: "1.1", title: "Mug", platform: null };
  render(inPage(<ExportDialog {...shown} onClose={() => undefined} />, { client }));
  expect(await screen.findByRole("alert")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Retry" }));
  expect(calls.map(({ call }) => call)).toEqual(["GET /config", "GET /config"]);
});
