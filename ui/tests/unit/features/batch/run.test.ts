import { describe, expect, test, vi } from "vitest";
import { ProblemError, unauthorized } from "@/api/problems";
import { adoptedOf, countsOf, isOverBudget, pictureOf } from "@/features/batch/list";
import { BatchRun } from "@/features/batch/run";
import { jpeg, moved, notes } from "../../photos";
import { FakeServer, MemoryStore, problem } from "./server";

const MAX = 1_000_000;
const names = (n: number) => Array.from({ length: n }, (_, i) => jpeg(`photo ${i + 1}.jpg`));

async function started(
  files: File[],
  { queued = 20, server = new FakeServer(), store = new MemoryStore() } = {},
) {
  const run = new BatchRun(store, server);
  await run.begin();
  run.allow(queued, 0);
  await run.add(files, MAX);
  run.watch();
  run.start();
  const counts = () => countsOf(run.snapshot().items, run.snapshot().sending);
  return { run, server, store, counts };
}

describe("a batch", () => {
  test("never has more jobs waiting than the server lets, and feeds the rest as places free up", async () => {
    const { server, counts } = await started(names(9), { queued: 3 });
    await vi.waitFor(() => expect(counts().queued).toBe(3));
    expect(server.jobs.size).toBe(3);
    for (let done = 1; done <= 9; done += 1) {
      server.finishOne();
      await vi.waitFor(() => expect(counts().done).toBe(done));
    }
    expect(server.mostWaiting).toBe(3);
    expect(server.uploads).toHaveLength(9);
  });

  test("never opens more than three streams", async () => {
    const { server, counts } = await started(names(8));
    await vi.waitFor(() => expect(counts().queued).toBe(8));
    expect(server.mostStreams).toBe(3);
  });

  test("sends the same key again when an answer was lost, so that one job is made", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const server = new FakeServer();
    server.refusals.push(new ProblemError(null));
    const { run, counts } = await started(names(1), { server });
    await vi.waitFor(() => expect(run.snapshot().holdWhy).toBe("unreachable"));
    expect(counts().waiting).toBe(1);
    await vi.advanceTimersByTimeAsync(5_000);
    await vi.waitFor(() => expect(counts().queued).toBe(1));
    expect(server.jobs.size).toBe(1);
    vi.useRealTimers();
  });

  test("waits as long as the server says when it sent too much, and then goes on by itself", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const server = new FakeServer();
    server.refusals.push(new ProblemError(problem("E_RATE_LIMITED", 429, true), 7));
    const { run, counts } = await started(names(1), { server });
    await vi.waitFor(() => expect(run.snapshot().holdWhy).toBe("limited"));
    await vi.advanceTimersByTimeAsync(6_000);
    expect(counts().queued).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    await vi.waitFor(() => expect(counts().queued).toBe(1));
    vi.useRealTimers();
  });

  test("goes on after a reload with what it had, uploads nothing twice and keeps the recipe", async () => {
    const server = new FakeServer();
    const store = new MemoryStore();
    const first = await started(names(4), { server, store, queued: 2 });
    first.run.choose({ candidates: 2 });
    await vi.waitFor(() => expect(first.counts().queued).toBe(2));
    first.run.pause(true);

    const again = new BatchRun(store, server);
    await again.begin();
    again.allow(20, 0);
    expect(again.snapshot().batch).toMatchObject({ paused: true, recipe: { candidates: 2 } });
    again.pause(false);
    await vi.waitFor(() => expect(server.jobs.size).toBe(4));
    expect(server.uploads.toSorted()).toEqual(names(4).map(({ name }) => name));
    expect(store.photos.size).toBe(0);
  });

  test("keeps failed items with their reason, and retries them together, never what is finished", async () => {
    const { run, server, counts } = await started([...names(3), notes("notes.jpg")]);
    await vi.waitFor(() => expect(counts().queued).toBe(3));
    server.finishOne("failed");
    server.finishOne();
    server.finishOne("failed");
    await vi.waitFor(() => expect(counts()).toMatchObject({ done: 1, failed: 3 }));
    run.retryFailed();
    await vi.waitFor(() => expect(counts()).toMatchObject({ done: 1, queued: 2, failed: 1 }));
    expect(server.retries.toSorted()).toEqual(["job_1", "job_3"]);
    expect(run.snapshot().items[3]?.trouble).toMatchObject({ why: "refused" });
  });

  test("begins with the defaults, which change nothing that was chosen or kept", async () => {
    const store = new MemoryStore();
    const run = new BatchRun(store, new FakeServer());
    await run.begin();
    run.prefer({ candidates: 2, platform: null });
    run.prefer({ candidates: 4, platform: "amazon" });
    const recipe = () => run.snapshot().batch.recipe;
    expect(recipe()).toMatchObject({ candidates: 4, platform: "amazon" });
    run.choose({ candidates: 1 });
    run.prefer({ candidates: 3, platform: "etsy" });
    expect(recipe()).toMatchObject({ candidates: 1, platform: "amazon" });

    const again = new BatchRun(store, new FakeServer());
    again.prefer({ candidates: 3, platform: "etsy" });
    await again.begin();
    expect(again.snapshot().batch.recipe).toMatchObject({ candidates: 1, platform: "amazon" });
  });

  test("keeps within its budget: what could go beyond it is made by this machine", async () => {
    const server = new FakeServer();
    const run = new BatchRun(new MemoryStore(), server);
    await run.begin();
    run.allow(20, 0.02);
    run.choose({ budget: 0.05, provider: "gemini" });
    await run.add(names(5), MAX);
    run.start();
    await vi.waitFor(() => expect(server.jobs.size).toBe(5));
    expect(server.providers).toEqual(["gemini", "gemini", "local", "local", "local"]);
    expect(isOverBudget(run.snapshot().items)).toBe(true);
  });

  test("is asked for by the same model under the same key, though the budget has run out meanwhile", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const server = new FakeServer();
    server.refusals.push(new ProblemError(null));
    const run = new BatchRun(new MemoryStore(), server);
    await run.begin();
    run.allow(20, 0.02);
    run.choose({ budget: 0.02, provider: "gemini" });
    await run.add(names(1), MAX);
    run.start();
    await vi.waitFor(() => expect(run.snapshot().holdWhy).toBe("unreachable"));
    run.allow(20, 5);
    await vi.advanceTimersByTimeAsync(5_000);
    await vi.waitFor(() => expect(server.providers).toEqual(["gemini", "gemini"]));
    vi.useRealTimers();
  });

  test("sends nothing more while paused", async () => {
    const { run, server, counts } = await started(names(5), { queued: 2 });
    await vi.waitFor(() => expect(counts().queued).toBe(2));
    run.pause(true);
    server.finishOne();
    await vi.waitFor(() => expect(counts().done).toBe(1));
    expect(counts().waiting).toBe(3);
    run.pause(false);
    await vi.waitFor(() => expect(counts().queued).toBe(2));
  });

  test("makes a picture again under a new key, and counts the money of both", async () => {
    const { run, server, counts } = await started(names(1));
    await vi.waitFor(() => expect(counts().queued).toBe(1));
    server.finishOne();
    await vi.waitFor(() => expect(counts().done).toBe(1));
    const [item] = run.snapshot().items;
    run.redo(item?.id ?? "");
    await vi.waitFor(() => expect(counts().queued).toBe(1));
    expect(server.keys.size).toBe(2);
    expect(run.snapshot().items[0]?.spentBefore).toBeCloseTo(0.02);
  });

  test("adopts the candidate on show", async () => {
    const { run, server, counts } = await started(names(1));
    await vi.waitFor(() => expect(counts().queued).toBe(1));
    server.finishOne();
    await vi.waitFor(() => expect(counts().toReview).toBe(1));
    await run.adopt(run.snapshot().items[0]?.id ?? "");
    const [item] = run.snapshot().items;
    expect(item && adoptedOf(item)?.id).toBe("var_job_1_1");
    expect(counts().toReview).toBe(0);
  });

  test("exports and shows the candidate that was adopted last, and lets an earlier one be taken again", async () => {
    const { run, server, counts } = await started(names(1));
    await vi.waitFor(() => expect(counts().queued).toBe(1));
    server.finishOne("succeeded", 2);
    await vi.waitFor(() => expect(counts().done).toBe(1));
    const item = () => {
      const [only] = run.snapshot().items;
      if (!only) throw new Error("it is in the list");
      return only;
    };
    await run.adopt(item().id);
    run.nextCandidate(item().id);
    expect(pictureOf(item())?.id).toBe("var_job_1_1");
    await run.adopt(item().id);
    expect(adoptedOf(item())?.id).toBe("var_job_1_2");
    run.nextCandidate(item().id);
    expect(pictureOf(item())?.id).toBe("var_job_1_2");
    await run.adopt(item().id);
    expect(adoptedOf(item())?.id).toBe("var_job_1_1");
  });

  test("waits for a sign-in and then goes on by itself, with nothing failed", async () => {
    const server = new FakeServer();
    const expired = () => new ProblemError(problem("E_UNAUTHORIZED", 401));
    server.refusals.push(expired(), expired());
    const { run, counts } = await started(names(6), { server });
    await vi.waitFor(() =>
      expect(run.snapshot()).toMatchObject({ holdWhy: "signedOut", sending: new Set() }),
    );
    expect(counts()).toMatchObject({ waiting: 6, failed: 0 });
    unauthorized.dispatchEvent(new Event("known"));
    await vi.waitFor(() => expect(counts()).toMatchObject({ queued: 6, failed: 0 }));
    expect(server.jobs.size).toBe(6);
  });

  test("gives up a photo that cannot be read any more, and goes on with the others", async () => {
    const { run, counts } = await started([moved("gone.jpg"), ...names(2)]);
    await vi.waitFor(() => expect(counts()).toMatchObject({ queued: 2, failed: 1 }));
    expect(run.snapshot().items[0]?.trouble).toEqual({ why: "refused", refusal: { why: "unreadable" } });
  });

  test("takes products that are there already without uploading them, and none twice", async () => {
    const { run, server, counts } = await started([]);
    const product = { id: "ses_9", title: "Mug", image: { thumbnail_url: "/t" } };
    run.addProducts([product, product] as never);
    await vi.waitFor(() => expect(counts().queued).toBe(1));
    expect(server.uploads).toEqual([]);
    expect(run.snapshot().items).toHaveLength(1);
  });
});

describe("a second tab", () => {
  test("shows what the first one does, writes nothing over it, and takes over when it goes", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    let takeOver: (() => unknown) | null = null;
    const request = (
      _: string,
      second: object | (() => unknown),
      first?: (free: object | null) => unknown,
    ) => {
      if (typeof second === "function") takeOver = second as () => unknown;
      else void first?.(null);
      return Promise.resolve();
    };
    vi.stubGlobal("navigator", Object.create(navigator, { locks: { value: { request } } }));
    const store = new MemoryStore();
    const server = new FakeServer();
    const tab = new BatchRun(store, server);
    await tab.begin();
    vi.unstubAllGlobals();
    expect(tab.snapshot().elsewhere).toBe(true);

    const { counts, run } = await started(names(2), { store, server });
    await vi.waitFor(() => expect(counts().queued).toBe(2));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(tab.snapshot().items.map(({ job }) => job?.id)).toEqual(["job_1", "job_2"]);

    const [item] = tab.snapshot().items;
    tab.rename("mine");
    tab.remove(item?.id ?? "");
    await tab.add(names(3), MAX);
    await tab.clear();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(tab.snapshot().items).toHaveLength(2);
    expect((await store.load())?.items).toHaveLength(2);
    run.pause(true);

    void (takeOver as (() => unknown) | null)?.();
    await vi.waitFor(() => expect(tab.snapshot().elsewhere).toBe(false));
    tab.rename("mine");
    expect((await store.load())?.batch.title).toBe("mine");
    vi.useRealTimers();
  });
});
