import { QueryClient } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Session } from "@/api/client";
import { matteQuery } from "@/api/queries";
import MatteScreen from "@/features/cutout/matte-screen";
import { inPage } from "../../page";
import { serve } from "../../server";

// The document of these tests cannot draw.
vi.mock("@/features/cutout/mask-canvas", () => ({ MaskCanvas: () => null }));

function open() {
  serve(() => new Promise(() => undefined));
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(matteQuery("ses_1").queryKey, {
    ...{ session_id: "ses_1", width: 4, height: 4, url: "/image/mat_1", notices: [], correction: null },
    ...{ subjects: [], certain: true, edge_confidence: 1, see_through: 0 },
  } as never);
  const close = vi.fn();
  const session = { id: "ses_1", title: "Mug", image: { width: 4, height: 4 } } as Session;
  const matte = <MatteScreen session={session} shown={null} onRedo={() => undefined} onClose={close} />;
  render(inPage(matte, { client }));
  return close;
}

test("a correction that is not in use yet is discarded only after a question", async () => {
  const user = userEvent.setup();
  const close = open();
  await user.click(screen.getByRole("radio", { name: /^Solid/ }));
  for (const leave of ["Close", "Cancel"]) {
    await user.click(screen.getByRole("button", { name: leave }));
    const question = screen.getByRole("dialog", { name: "Discard your changes?" });
    await user.click(within(question).getByRole("button", { name: "Keep fixing" }));
    expect(close).not.toHaveBeenCalled();
  }
  await user.click(screen.getByRole("button", { name: "Close" }));
  await user.click(screen.getByRole("button", { name: "Discard" }));
  expect(close).toHaveBeenCalledOnce();
});

test("without a correction the screen closes at once", async () => {
  const close = open();
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(close).toHaveBeenCalledOnce();
});
