import { QueryClient } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { sessionQuery } from "@/api/queries";
import StudioPage from "@/app/studio-page";
import { inPage } from "../page";
import { problem } from "../problem";
import { serve } from "../server";

vi.mock("@/features/studio", () => ({ StudioScreen: () => <p>The studio</p> }));

test("a product that is known and was deleted meanwhile is no longer shown", async () => {
  serve(() => Response.json(problem("E_NOT_FOUND", 404), { status: 404 }));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(sessionQuery("ses_1").queryKey, { id: "ses_1" } as never);
  render(inPage(<StudioPage id="ses_1" />, { client }));
  expect(screen.getByText("The studio")).toBeVisible();
  expect(await screen.findByRole("heading", { name: /deleted/ })).toBeVisible();
  expect(screen.queryByText("The studio")).toBeNull();
});
