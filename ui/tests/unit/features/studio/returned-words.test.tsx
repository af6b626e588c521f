import { act, render, screen } from "@testing-library/react";
import { useRef, useState } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { useReturnedWords } from "@/features/studio/instruction/use-returned-words";
import { jobOf } from "../../jobs";

const job = (id: string, more: object) =>
  jobOf({ id, created_at: id, status: "succeeded", prompt: "", ...more });
const declined = { prompt: "a castle", fallbacks: [{ from: "gemini", to: "local", reason: "refused" }] };

function Field({ jobs, typed = "" }: { jobs: Schemas["Job"][]; typed?: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(typed);
  const returned = useReturnedWords(jobs, field, text, setText);
  return (
    <>
      <textarea ref={field} value={text} onChange={(event) => setText(event.target.value)} />
      {returned && <p>returned</p>}
    </>
  );
}

const field = () => screen.getByRole<HTMLTextAreaElement>("textbox");
function show(jobs: Schemas["Job"][], typed?: string) {
  const shown = render(<Field jobs={jobs} {...(typed ? { typed } : {})} />);
  act(() => {
    vi.runAllTimers();
  });
  return shown;
}

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
});

it.each([
  ["another model took over from", declined],
  [
    "nobody made a picture of",
    { prompt: "a castle", status: "failed", last_error: { code: "E_AI_CONTENT_REFUSED" } },
  ],
])("words that were declined and %s come back, selected, and do not take the focus", (_, more) => {
  show([job("1", { prompt: "older" }), job("2", more)]);
  expect(field()).toHaveValue("a castle");
  expect([field().selectionStart, field().selectionEnd]).toEqual([0, 8]);
  expect(field()).not.toHaveFocus();
  expect(screen.getByText("returned")).toBeInTheDocument();
});

it("refused words return once, after the job has ended, and never over typed text", () => {
  const shown = show([job("1", { ...declined, status: "running" })]);
  expect(field()).toHaveValue("");
  shown.unmount();

  show([job("1", declined)], "mine").unmount();
  show([job("1", declined)]);
  expect(field()).toHaveValue("");
});

it("other failures keep their words", () => {
  show([job("1", { prompt: "a castle", status: "failed", last_error: { code: "E_AI_TIMEOUT" } })]);
  expect(field()).toHaveValue("");
});
