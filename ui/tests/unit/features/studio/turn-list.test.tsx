import { act, render, renderHook, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";
import type { Schemas } from "@/api/client";
import { emptyFeed, type Feed } from "@/api/feed";
import type { LogLine } from "@/api/feed";
import { WarningBanner } from "@/features/studio/components/notices/warning-banner";
import { TurnList } from "@/features/studio/components/history/turn-list";
import { useNewestWarnings } from "@/features/studio/hooks/use-turn-notices";
import { turnsOf } from "@/features/studio/turns";
import { inStudio } from "./studio";
import { logLine } from "../../job-events";
import { jobOf } from "../../jobs";
import { inPage } from "../../page";

const job = (id: string, prompt: string) =>
  jobOf({ id, prompt, created_at: id, status: "succeeded", latency_ms: 900 });
const variant = (id: string, job_id: string) =>
  ({ id, job_id, ordinal: 1, role: "candidate", measures: {}, plan: { asked: [] }, image: {} }) as never;
const turns = turnsOf({
  jobs: [job("job_1", "white"), job("job_2", "add blinds")],
  variants: [variant("var_1", "job_1"), variant("var_2", "job_2")],
} as unknown as Schemas["Session"]);

const line = (code: string, level: LogLine["level"], words: string) =>
  logLine(3, { code, level, params: { words: [words] } });
const feedOf = (jobId: string): Feed => ({
  ...emptyFeed,
  logs: [jobId === "job_2" ? line("NOT_UNDERSTOOD", "warning", "blinds") : line("MATTE_MODEL", "info", "x")],
});

const show = (child: ReactNode) => render(inPage(child));
const nothing = () => undefined;

test("the newest turn stands first, and what it has to say before its picture", () => {
  show(
    inStudio(
      { turns, feedOf, selection: { variant: null } },
      <TurnList label="Steps" turns={turns} bannered={null} />,
    ),
  );
  expect(screen.getAllByRole("heading").map((one) => one.textContent)).toEqual(["add blinds", "white"]);
  const message = screen.getByText("“blinds” was not understood.");
  const picture = screen.getByRole("button", { name: "2.1" });
  expect(message.compareDocumentPosition(picture)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
});

const idle = { busy: false, onDo: nothing, onClose: nothing, onUndo: nothing, onBackground: nothing };
const told = (suggestion: string, code = "NOT_POSSIBLE") =>
  logLine(3, {
    code,
    level: "warning",
    params: { words: ["add blinds"], suggestion: "试试“百叶窗光影”", en: suggestion },
  });

test("a banner says what was not possible, does the one thing suggested, and can be put away", async () => {
  const [done, closed] = [vi.fn(), vi.fn()];
  const lines = [told("Did you mean “light through blinds”?")];
  show(<WarningBanner {...idle} lines={lines} onDo={done} onClose={closed} />);
  expect(screen.getByRole("alert")).toHaveTextContent("Not possible here: “add blinds”");
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Use “light through blinds”" }));
  expect(done).toHaveBeenCalledWith("light through blinds");
  await user.click(screen.getByRole("button", { name: "Close" }));
  expect(closed).toHaveBeenCalledOnce();
});

test("several lines that need another background share one button for it", () => {
  const lines = ["RATIO_NEEDS_BACKGROUND", "PLACE_NEEDS_BACKGROUND"].map((code, seq) => ({
    ...told("", code),
    seq,
  }));
  show(<WarningBanner {...idle} lines={lines} />);
  expect(screen.getAllByRole("listitem")).toHaveLength(2);
  expect(screen.getAllByRole("button", { name: "Replace the background" })).toHaveLength(1);
});

test("what several candidates say alike stands in the banner once", () => {
  const lines = [0, 1, 2].map((seq) => ({ ...told("Say “a shadow”."), seq }));
  show(<WarningBanner {...idle} lines={lines} />);
  expect(screen.getAllByRole("listitem")).toHaveLength(1);
});

test("suggestions of a banner are a press each, examples are not, and without lines there is no banner", () => {
  const suggestion = "Say “a shadow” or “more light”.";
  const { unmount, rerender } = show(<WarningBanner {...idle} lines={[told(suggestion)]} />);
  expect(screen.getAllByRole("button")).toHaveLength(3);
  rerender(inPage(<WarningBanner {...idle} lines={[told(suggestion, "NOT_UNDERSTOOD")]} />));
  expect(screen.getAllByRole("button").map((one) => one.getAttribute("aria-label"))).toEqual(["Close"]);
  unmount();
  show(<WarningBanner {...idle} lines={[]} />);
  expect(screen.queryByRole("alert")).toBeNull();
});

test.each([
  ["SHADOW_NEEDS_BACKGROUND", "Replace the background"],
  ["PLACE_NEEDS_BACKGROUND", "Replace the background"],
  ["DETAIL_NEEDS_BACKGROUND", "Replace the background"],
  ["PAINTED_REPLACED", "Undo this step"],
])("%s leads to its way out", async (code, name) => {
  const [onUndo, onBackground] = [vi.fn(), vi.fn()];
  show(<WarningBanner {...idle} {...{ onUndo, onBackground }} lines={[line(code, "warning", "")]} />);
  await userEvent.setup().click(screen.getByRole("button", { name }));
  expect(name === "Undo this step" ? onUndo : onBackground).toHaveBeenCalledOnce();
});

test("the newest turn's warnings go when undo shows the turn before, and come back with redo", () => {
  const [earlier = null, newest = null] = turns;
  const { result, rerender } = renderHook((shown) => useNewestWarnings(newest, shown, feedOf), {
    initialProps: newest,
    wrapper: ({ children }) => inPage(children),
  });
  expect(result.current.lines).toHaveLength(1);
  rerender(earlier);
  expect(result.current.lines).toHaveLength(0);
  rerender(newest);
  expect(result.current.lines).toHaveLength(1);
});

test("warnings that were put away stay away on the next visit", () => {
  const newest = turns.at(-1) ?? null;
  const visit = () =>
    renderHook(() => useNewestWarnings(newest, newest, feedOf), {
      wrapper: ({ children }) => inPage(children),
    });
  const first = visit();
  expect(first.result.current.lines).toHaveLength(1);
  act(() => void first.result.current.dismiss());
  expect(first.result.current.lines).toHaveLength(0);
  first.unmount();
  expect(visit().result.current.lines).toHaveLength(0);
});
