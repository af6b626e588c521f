import { QueryClient } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useRef } from "react";
import { expect, test, vi } from "vitest";
import type { Variant } from "@/api/client";
import { configQuery } from "@/api/queries";
import { RefinePanel } from "@/features/studio/components/refine-panel";
import { useRuns } from "@/features/studio/hooks/use-runs";
import { jobOf } from "../../jobs";
import { inPage } from "../../page";
import { serve } from "../../server";
import { inStudio } from "./studio";

const base = {
  id: "var_1",
  session_id: "ses_1",
  job_id: "job_1",
  role: "candidate",
  ordinal: 1,
  adopted: true,
};

function Panel({ onSubmitted }: { onSubmitted: () => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  return inStudio(
    {
      session: { id: "ses_1" },
      turns: [],
      selection: { variant: base as Variant },
      runs: useRuns("ses_1"),
      field,
    },
    <RefinePanel head={null} banner={null} onSubmitted={onSubmitted}>
      <h2>Earlier steps</h2>
    </RefinePanel>,
  );
}

function open() {
  let answer: (job: object) => void = () => undefined;
  const answered = new Promise((done) => (answer = done));
  const calls = serve(({ call }) => (call === "POST /refine" ? answered : new Promise(() => undefined)));
  let submitted = false;
  const client = new QueryClient();
  client.setQueryData(configQuery.queryKey, {
    ...{ limits: { max_prompt_characters: 500 }, providers: [], capability_map: { refine: [] }, phrases: {} },
    ...{ budget: { used_up: false }, errors: [], prompt_templates: [], features: {}, reader: null },
  } as never);
  sessionStorage.clear();
  const page = () => render(inPage(<Panel onSubmitted={() => (submitted = true)} />, { client }));
  const { unmount } = page();
  const field = screen.getByRole("textbox");
  const send = async () => {
    fireEvent.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() => expect(calls.some(({ call }) => call === "POST /refine")).toBe(true));
  };
  const accept = async () => {
    answer(jobOf({ id: "job_2" }));
    await waitFor(() => expect(submitted).toBe(true));
  };
  return { field, send, accept, calls, answer: () => answer(jobOf({ id: "job_2" })), leave: unmount, page };
}

test("the field is empty after its words were sent", async () => {
  const { field, send, accept } = open();
  fireEvent.change(field, { target: { value: "warmer " } });
  await send();
  await accept();
  await waitFor(() => expect(field).toHaveValue(""));
  expect(sessionStorage).toHaveLength(0);
});

test("words that are typed while others are being sent stay in the field", async () => {
  const { field, send, accept } = open();
  fireEvent.change(field, { target: { value: "warmer" } });
  await send();
  fireEvent.change(field, { target: { value: "and larger" } });
  await accept();
  expect(field).toHaveValue("and larger");
  expect(sessionStorage.getItem("stillroom.draft.refine.ses_1")).toBe("and larger");
});

test("an order that is under way is not sent again when the studio is left and opened, and its words go", async () => {
  const { field, send, answer, calls, leave, page } = open();
  fireEvent.change(field, { target: { value: "warmer" } });
  await send();
  leave();
  page();
  const again = screen.getByRole("textbox");
  expect(again).toHaveValue("warmer");
  expect(screen.getByRole("button", { name: "Send" })).toBeDisabled();
  answer();
  await waitFor(() => expect(again).toHaveValue(""));
  expect(calls.filter(({ call }) => call === "POST /refine")).toHaveLength(1);
  expect(sessionStorage).toHaveLength(0);
});

test.each([
  [
    "after the earlier steps, which scroll by themselves, on a wide screen",
    1440,
    Node.DOCUMENT_POSITION_FOLLOWING,
  ],
  ["before the earlier steps in one column", 820, Node.DOCUMENT_POSITION_PRECEDING],
])("the field stands %s", (_, width, place) => {
  vi.spyOn(window, "matchMedia").mockImplementation(
    (query) =>
      ({
        matches: width <= Number(/max-width: ([\d.]+)px/.exec(query)?.[1]),
        addEventListener: () => undefined,
        removeEventListener: () => undefined,
      }) as unknown as MediaQueryList,
  );
  const { field } = open();
  expect(screen.getByText("Earlier steps").compareDocumentPosition(field)).toBe(place);
});
