import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Session } from "@/api/client";
import { ProductLine } from "@/features/studio/components/product-line";
import { useRuns } from "@/features/studio/hooks/use-runs";
import { cacheWith, inPage } from "../../page";
import { problem } from "../../problem";
import { serve } from "../../server";
import { inStudio } from "./studio";

const session = {
  id: "ses_1",
  product: { name: null, size_cm: null, category: null, label_text: null, materials: [], seen_by: null },
} as unknown as Session;

const Line = () => inStudio({ session, runs: useRuns("ses_1") }, <ProductLine />);

test("facts about the product that could not be saved stay in the form with the reason", async () => {
  const answers = [Response.json(problem("E_INTERNAL", 500), { status: 500 }), session];
  serve(() => answers.shift());
  render(inPage(<Line />, { client: cacheWith({ errors: [] }) }));
  fireEvent.click(screen.getByRole("button", { name: "Add" }));
  fireEvent.change(screen.getByLabelText(/Chinese/), { target: { value: "茶杯" } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByRole("alert")).toBeVisible();
  expect(screen.getByLabelText(/Chinese/)).toHaveValue("茶杯");
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});
