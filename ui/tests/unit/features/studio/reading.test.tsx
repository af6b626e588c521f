import { act, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import { ProblemError } from "@/api/problems";
import { ReadingLine, RefusedBanner } from "@/features/studio/instruction/field-messages";
import { useReading } from "@/features/studio/instruction/use-reading";
import { RejectedClauseList, WaysOut } from "@/shared/instruction/rejected-clause-list";
import {
  piecesOf,
  rejectedClausesIn,
  withPhraseFor,
  type RejectedClause,
} from "@/shared/instruction/rejected-clauses";
import { serve, type Asked } from "../../server";
import { cacheWith, inPage } from "../../page";

type Body = { text: string; ask_reader: boolean };

const change = (text: string, label: string, field = "kind") => ({
  part: "backdrop",
  field,
  from: null,
  to: null,
  text,
  label,
});
const told = (text: string, reason: RejectedClause["reason"] = "not_understood") => ({
  text,
  reason,
  suggestion: "Say it in other words, such as “light grey background” or “softer shadow”.",
});
const answers: Record<string, object> = {
  "white background": {
    reader: "rules",
    changes: [
      change("white background", "Backdrop: white"),
      change("white background", "Backdrop: white", "color"),
    ],
    told_back: [],
  },
  "white background, cosy": {
    reader: "rules",
    changes: [change("white background", "Backdrop: white")],
    told_back: [told("cosy")],
  },
};
const byModel = {
  reader: "model",
  changes: [change("white background", "Backdrop: white"), change("cosy", "Tone: warmer", "mired")],
  told_back: [],
};

let calls: Asked[] = [];
const asked = () => calls.map(({ body }) => body as Body);

function answer({ body }: Asked) {
  const { text, ask_reader } = body as Body;
  return (ask_reader ? byModel : answers[text]) ?? { reader: "rules", changes: [], told_back: [] };
}

function Field({ first = "" }: { first?: string }) {
  const [text, setText] = useState(first);
  const subject = { sessionId: "ses_1", variantId: null, operation: "bg_replace" } as const;
  const reading = useReading(subject, text, 500);
  return (
    <>
      <textarea value={text} onChange={(event) => setText(event.target.value)} />
      <ReadingLine reading={reading} value={text} onChange={setText} />
    </>
  );
}

function show(reader: object | null = null) {
  render(inPage(<Field />, { client: cacheWith({ reader }) }));
}

const field = () => screen.getByRole<HTMLTextAreaElement>("textbox");
const type = (text: string) => fireEvent.change(field(), { target: { value: text } });
const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
/** Answers are read in turns of the real event loop, which the clock of the test does not move. */
const seen = (text: string | RegExp) => act(() => vi.waitFor(() => screen.getByText(text)));

beforeEach(() => {
  vi.useFakeTimers();
  calls = serve(answer);
});

it("nothing is asked between keystrokes, and equal phrases are shown once", async () => {
  show();
  for (const text of ["w", "wh", "whi", "white background"]) {
    type(text);
    await wait(100);
  }
  expect(asked()).toEqual([]);
  await wait(400);
  expect(asked().map(({ text }) => text)).toEqual(["white background"]);
  await seen("Backdrop: white");
  expect(screen.getByRole("status")).toHaveAttribute("aria-live", "polite");
});

it("the line stays while the next words are typed and goes with the last of them", async () => {
  show();
  type("white background");
  await wait(500);
  await seen("Backdrop: white");
  type("white background, co");
  await wait(100);
  expect(screen.getByText("Backdrop: white")).toBeVisible();
  type("");
  await wait(50);
  expect(screen.queryByText("Backdrop: white")).toBeNull();
});

it("signs alone are not asked about", async () => {
  show();
  type("!!!");
  await wait(2_000);
  expect(asked()).toEqual([]);
});

it("what is not understood is said after a pause, and better words take its place", async () => {
  show();
  type("white background, cosy");
  await wait(500);
  expect(screen.queryByText(/Not understood/)).toBeNull();
  await wait(1_000);
  await seen(/Not understood: “cosy”/);
  fireEvent.click(screen.getByRole("button", { name: "“softer shadow”" }));
  expect(field()).toHaveValue("white background, softer shadow");
});

it("a reader model is asked once, after a pause, and only for what the rules do not understand", async () => {
  show({ vendor: "gemini", model: "m", host: "h" });
  type("white background");
  await wait(2_000);
  expect(asked().some(({ ask_reader }) => ask_reader)).toBe(false);
  type("white background, cosy");
  await wait(700);
  expect(asked().some(({ ask_reader }) => ask_reader)).toBe(false);
  await wait(600);
  await seen("“cosy” read as: Tone: warmer");
  expect(asked().filter(({ ask_reader }) => ask_reader)).toHaveLength(1);
  expect(screen.queryByText(/Not understood/)).toBeNull();
});

it("without a reader model none is asked", async () => {
  show();
  type("white background, cosy");
  await wait(3_000);
  expect(asked().some(({ ask_reader }) => ask_reader)).toBe(false);
});

it("a refused instruction says why over the field", () => {
  const params = { told_back: [told("a unicorn"), { text: "broken" }], reason: "not_understood" };
  const error = new ProblemError({ code: "E_PROMPT_INVALID", title: "", params } as never);
  expect(rejectedClausesIn(error).map(({ text }) => text)).toEqual(["a unicorn"]);
  expect(rejectedClausesIn(new Error("other"))).toEqual([]);
  const changed = vi.fn();
  render(inPage(<RefusedBanner toldBack={rejectedClausesIn(error)} value="a unicorn" onChange={changed} />));
  expect(screen.getByRole("alert")).toHaveTextContent("No picture was made");
  expect(screen.getByRole("alert")).toHaveTextContent("Not understood: “a unicorn”");
  fireEvent.click(screen.getByRole("button", { name: "“light grey background”" }));
  expect(changed).toHaveBeenCalledWith("light grey background");
});

it.each([
  ["换一种说法，例如“浅灰色背景”", ["换一种说法，例如", "浅灰色背景"]],
  ["Choose 3:4 in the frame menu", ["Choose 3:4 in the frame menu"]],
])("what a suggestion quotes can be typed: %s", (suggestion, pieces) => {
  expect(piecesOf(suggestion).map(({ text }) => text)).toEqual(pieces);
});

it("a phrase for a clause that has changed meanwhile goes to the end", () => {
  expect(withPhraseFor("白底", "独角兽", "暖一点", "，")).toBe("白底，暖一点");
  expect(withPhraseFor("", "独角兽", "暖一点", "，")).toBe("暖一点");
});

it("what the studio can do itself is offered as a button, and its words leave the field", () => {
  const changed = vi.fn();
  const undo = vi.fn();
  const clauses = [
    { ...told("undo that", "ambiguous"), way_out: "undo" as const },
    { ...told("halo", "not_possible"), way_out: "fix_cutout" as const },
    { ...told("a unicorn"), way_out: null },
  ];
  render(
    inPage(
      <WaysOut value={{ undo, fix_cutout: null }}>
        <RejectedClauseList toldBack={clauses} value="undo that" onChange={changed} />
      </WaysOut>,
    ),
  );
  expect(screen.queryByRole("button", { name: "Fix the cut-out" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Undo this step" }));
  expect(undo).toHaveBeenCalledOnce();
  expect(changed).toHaveBeenCalledWith("");
});
