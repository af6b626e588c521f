import { act, render, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { SampleRow } from "@/features/library/components/sample-row";
import { inPage } from "../../page";

test("a double click on a sample adds it once", async () => {
  const fetched = vi.fn(() => Promise.resolve(new Response("photo")));
  vi.stubGlobal("fetch", fetched);
  const pick = vi.fn();
  const row = (busy: boolean) => inPage(<SampleRow onlyOnPhones={false} busy={busy} onPick={pick} />);
  const { rerender } = render(row(false));
  const sample = screen.getByRole("button", { name: "Mug" });
  act(() => {
    sample.click();
    sample.click();
  });
  await waitFor(() => expect(pick).toHaveBeenCalledOnce());
  expect(fetched).toHaveBeenCalledOnce();
  rerender(row(true));
  expect(sample).toBeDisabled();
});
