import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeAll, expect, test, vi } from "vitest";
import { Webhooks } from "@/features/settings/components/webhooks";
import { SpeechIn } from "@/shared/i18n/words";

const SECRET = "whsec_c2VjcmV0";
const problem = {
  code: "E_VALIDATION",
  title: "",
  params: { fields: [{ field: "url", reason: "private_address" }] },
};
const answers = vi.hoisted(() => ({ isRefused: false, items: [] as object[] }));
vi.mock("@/api/client", async (actual) => ({
  ...(await actual<object>()),
  api: {
    GET: () => Promise.resolve({ data: { items: answers.items }, response: new Response("{}") }),
    POST: () =>
      Promise.resolve(
        answers.isRefused
          ? { error: problem, response: new Response("{}", { status: 422 }) }
          : { data: { id: "whk_1", secret: SECRET }, response: new Response("{}") },
      ),
  },
}));

beforeAll(() => {
  HTMLDialogElement.prototype.showModal = vi.fn();
  HTMLDialogElement.prototype.close = vi.fn();
});

const webhook = {
  id: "whk_1",
  url: "https://shop.example/hook",
  events: ["job.failed"],
  status: "disabled",
  disabled_reason: "failing",
};

function shown() {
  render(
    <SpeechIn locale="en">
      <QueryClientProvider client={new QueryClient()}>
        <Webhooks />
      </QueryClientProvider>
    </SpeechIn>,
  );
}

function add(url: string) {
  fireEvent.click(screen.getByRole("button", { name: "Add address" }));
  fireEvent.change(screen.getByLabelText("Address of your server"), { target: { value: url } });
  fireEvent.click(screen.getByText("Add"));
}

test("the signing key of a new webhook is shown until it is closed", async () => {
  Object.assign(answers, { isRefused: false, items: [] });
  shown();
  add("https://shop.example/hook");
  expect(await screen.findByText(SECRET)).toBeInTheDocument();
  fireEvent.click(screen.getByText("I have copied it"));
  await waitFor(() => expect(screen.queryByText(SECRET)).toBeNull());
});

test("a refused address says what is wrong with it", async () => {
  Object.assign(answers, { isRefused: true, items: [] });
  shown();
  add("https://10.0.0.1/");
  expect(await screen.findByText(/This address is not public/)).toBeInTheDocument();
});

test("a webhook that was switched off says why", async () => {
  Object.assign(answers, { isRefused: false, items: [webhook] });
  shown();
  expect(await screen.findByText(/failed eight times/)).toBeVisible();
  expect(screen.getByText("Switched off")).toBeVisible();
});
