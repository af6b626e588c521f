/** CPU time of a page's main thread, from a trace: another program on the same machine does not add to it. */
import type { Page } from "@playwright/test";

type TraceEvent = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  /** Microseconds in which the thread ran on a processor. */
  tdur?: number;
  args: { name?: string; data?: { type?: string } };
};

export type MainThread = {
  /** Milliseconds for each frame it drew: handlers, rendering, layout and paint since the frame before. */
  frames: number[];
  /** Milliseconds of each task. */
  tasks: number[];
  /** Milliseconds from each press of a key or button to the frame after it. */
  presses: number[];
};

const categories = ["toplevel", "cc", "devtools.timeline", "disabled-by-default-devtools.timeline"];
const PRESSES = new Set(["keydown", "pointerdown", "click"]);

/** Traces the page while something is done. */
export async function mainThreadDuring(page: Page, act: () => Promise<unknown>): Promise<MainThread> {
  const browser = page.context().browser();
  if (!browser) throw new Error("only a browser that was launched can be traced");
  await browser.startTracing(page, { categories });
  await act();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  return mainThreadOf(trace.traceEvents);
}

const isTask = ({ name, ph }: TraceEvent) => name === "RunTask" && ph === "X";
const cpu = (events: readonly TraceEvent[]) => events.reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1000;

function mainThreadOf(events: readonly TraceEvent[]): MainThread {
  const own = busiest(events).toSorted((a, b) => a.ts - b.ts);
  const tasks = own.filter(isTask);
  const ends = own
    .filter(({ name, ph }) => name === "ProxyMain::BeginMainFrame" && ph === "X")
    .map(({ ts, dur = 0 }) => ts + dur);
  const between = (from: number, to: number) => cpu(tasks.filter(({ ts }) => ts >= from && ts < to));
  const presses = own
    .filter(({ name, args }) => name === "EventDispatch" && PRESSES.has(args.data?.type ?? ""))
    .map(({ ts }) => ({
      // The task that dispatches it began earlier.
      from: tasks.findLast((task) => task.ts <= ts)?.ts ?? ts,
      to: ends.find((end) => end > ts) ?? Infinity,
    }));
  return {
    frames: ends.map((end, at) => between(ends[at - 1] ?? 0, end)),
    tasks: tasks.map((task) => cpu([task])),
    presses: presses.map(({ from, to }) => between(from, to)),
  };
}

/** The events of that renderer's main thread which worked most: the page's. */
function busiest(events: readonly TraceEvent[]): TraceEvent[] {
  const threads = events
    .filter(({ ph, name, args }) => ph === "M" && name === "thread_name" && args.name === "CrRendererMain")
    .map(({ pid, tid }) => events.filter((event) => event.pid === pid && event.tid === tid));
  return threads.toSorted((a, b) => cpu(b.filter(isTask)) - cpu(a.filter(isTask)))[0] ?? [];
}
