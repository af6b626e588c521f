import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { DeleteAll } from "@/features/settings/components/delete-all";
import { serve } from "../../server";
import { inPage } from "../../page";

/** Opens the dialog and starts the deletion of two products; the test answers for each. */
function begin() {
  const left = ["ses_1", "ses_2"];
  const answers: (() => void)[] = [];
  serve(({ call, path }) => {
    if (call.startsWith("GET")) return { items: left.map((id) => ({ id })), next_cursor: null };
    return new Promise((done) =>
      answers.push(() => {
        left.splice(left.indexOf(String(path.session_id)), 1);
        done(new Response(null, { status: 204 }));
      }),
    );
  });
  render(inPage(<DeleteAll />));
  fireEvent.click(screen.getByRole("button", { name: "Delete everything" }));
  fireEvent.change(screen.getByLabelText("Type DELETE to go on"), { target: { value: "DELETE" } });
  const [, confirm] = screen.getAllByRole("button", { name: "Delete everything" });
  if (confirm) fireEvent.click(confirm);
  return async (n: number) => {
    await waitFor(() => expect(answers).toHaveLength(n));
    answers[n - 1]?.();
  };
}

test("after all products were deleted it is said what stays", async () => {
  const answer = begin();
  await answer(1);
  await answer(2);
  expect(await screen.findByText(/^2 products deleted\. Saved recipes .* stay\.$/)).toBeVisible();
});

test("stopping at the last product does not claim that others are left", async () => {
  const answer = begin();
  await answer(1);
  await screen.findByText(/1 product deleted so far/);
  fireEvent.click(screen.getByRole("button", { name: "Stop" }));
  await answer(2);
  expect(await screen.findByText(/^2 products deleted/)).toBeVisible();
});

test("stopping earlier says that the rest is still there", async () => {
  const answer = begin();
  fireEvent.click(await screen.findByRole("button", { name: "Stop" }));
  await answer(1);
  expect(await screen.findByText(/^Stopped; 1 product deleted, the rest are still there/)).toBeVisible();
});
