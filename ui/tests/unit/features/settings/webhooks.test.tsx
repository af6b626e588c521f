import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { Webhooks } from "@/features/settings/components/webhooks";
import { problem } from "../../problem";
import { serve } from "../../server";
import { inPage } from "../../page";

const SECRET = "whsec_c2VjcmV0";
const notPublic = {
  ...problem("E_VALIDATION", 422),
  params: { fields: [{ field: "url", reason: "private_address" }] },
};
const asNew = (): object => ({ id: "whk_1", secret: SECRET });

const webhook = {
  id: "whk_1",
  url: "https://shop.example/hook",
  events: ["job.failed"],
  status: "disabled",
  disabled_reason: "failing",
};

function shown({ items = [] as object[], onAdd = asNew } = {}) {
  const calls = serve(({ call }) => (call.startsWith("POST") ? onAdd() : { items }));
  render(inPage(<Webhooks />));
  return calls;
}

function add(url: string) {
  fireEvent.click(screen.getByRole("button", { name: "Add address" }));
  fireEvent.change(screen.getByLabelText("Address of your server"), { target: { value: url } });
  act(() => {
    screen.getByText("Add").click();
    // The second half of a double click.
    screen.getByText("Add").click();
  });
}

test("the signing key of a new webhook is shown until it is closed", async () => {
  const calls = shown();
  add("https://shop.example/hook");
  expect(await screen.findByText(SECRET)).toBeInTheDocument();
  expect(calls.filter(({ call }) => call === "POST /webhook")).toHaveLength(1);
  fireEvent.click(screen.getByText("I have copied it"));
  await waitFor(() => expect(screen.queryByText(SECRET)).toBeNull());
});

test("a refused address says what is wrong with it", async () => {
  shown({ onAdd: () => Response.json(notPublic, { status: 422 }) });
  add("https://10.0.0.1/");
  expect(await screen.findByText(/This address is not public/)).toBeInTheDocument();
});

test("a webhook that was switched off says why", async () => {
  shown({ items: [webhook] });
  expect(await screen.findByText(/failed eight times/)).toBeVisible();
  expect(screen.getByText("Switched off")).toBeVisible();
});
