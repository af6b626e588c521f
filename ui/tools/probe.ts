/** Watches a page from the inside: what it painted when, what moved, what held it up, how even its frames are. */
import type { Page } from "@playwright/test";

type Probe = {
  largestPaint: number;
  shift: number;
  longTasks: number[];
  /** Input to the next paint, in steps of 8 ms. */
  interactions: number[];
  frames: number[];
  recording: boolean;
};

declare global {
  interface Window {
    probe: Probe;
  }
}

/** Must be called before the page is opened. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const probe: Probe = {
      largestPaint: 0,
      shift: 0,
      longTasks: [],
      interactions: [],
      frames: [],
      recording: false,
    };
    window.probe = probe;
    type Entry = PerformanceEntry & { value: number; hadRecentInput: boolean; interactionId: number };
    const observe = (type: string, note: (entry: Entry) => void) => {
      const observer = new PerformanceObserver((list) => (list.getEntries() as Entry[]).forEach(note));
      observer.observe({ type, buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
    };
    observe("largest-contentful-paint", (entry) => (probe.largestPaint = entry.startTime));
    observe("layout-shift", (entry) => {
      if (!entry.hadRecentInput) probe.shift += entry.value;
    });
    observe("longtask", (entry) => probe.longTasks.push(entry.duration));
    observe("event", (entry) => {
      if (entry.interactionId > 0) probe.interactions.push(entry.duration);
    });
  });
}

/** Waits until something was painted and a second without a larger paint has passed. */
export async function painted(page: Page): Promise<void> {
  await page.waitForFunction(
    () => window.probe.largestPaint > 0 && performance.now() > window.probe.largestPaint + 1000,
  );
}

export const probeOf = (page: Page): Promise<Probe> => page.evaluate(() => window.probe);

/** Milliseconds from frame to frame while something is done. */
export async function framesDuring(page: Page, act: () => Promise<unknown>): Promise<number[]> {
  await page.evaluate(() => {
    const { probe } = window;
    probe.frames = [];
    probe.recording = true;
    let before = 0;
    const next = (now: number) => {
      if (before > 0) probe.frames.push(now - before);
      before = now;
      if (probe.recording) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await act();
  return page.evaluate(() => {
    window.probe.recording = false;
    return window.probe.frames;
  });
}
