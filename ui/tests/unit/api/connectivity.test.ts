// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { isOffline, onConnectivityChange, untilReachable, reportCall } from "@/api/connectivity";

const network = { is: true };
const answers = { health: true, status: 200 };

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(navigator, "onLine", "get").mockImplementation(() => network.is);
  vi.stubGlobal("fetch", () =>
    answers.health
      ? Promise.resolve(new Response(null, { status: answers.status }))
      : Promise.reject(new TypeError("no network")),
  );
  Object.assign(network, { is: true });
  Object.assign(answers, { health: true, status: 200 });
  reportCall(true);
});

test("a server that responds counts as reachable while the browser is offline", () => {
  network.is = false;
  expect(isOffline()).toBe(false);
  reportCall(false);
  expect(isOffline()).toBe(true);
  network.is = true;
  expect(isOffline()).toBe(false);
});

test("when the browser goes offline the server is probed until it responds", async () => {
  const seen: boolean[] = [];
  const stop = onConnectivityChange(() => seen.push(isOffline()));
  Object.assign(network, { is: false });
  answers.health = false;
  window.dispatchEvent(new Event("offline"));
  await vi.advanceTimersByTimeAsync(0);
  expect(isOffline()).toBe(true);
  answers.health = true;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(isOffline()).toBe(false);
  expect(seen).toEqual([true, false]);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

test("a response that arrives after the browser went offline does not end the probes", async () => {
  const stop = onConnectivityChange(() => undefined);
  Object.assign(network, { is: false });
  answers.health = false;
  window.dispatchEvent(new Event("offline"));
  await vi.advanceTimersByTimeAsync(0);
  reportCall(true);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(isOffline()).toBe(true);
  stop();
});

test("waiting for the server probes until it responds or the wait is aborted, and reports a failed probe", async () => {
  answers.health = false;
  const went: string[] = [];
  const off = new AbortController();
  void untilReachable(new AbortController().signal).then((wasAway) => went.push(`back, ${wasAway}`));
  void untilReachable(off.signal).then(() => went.push("off"));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(went).toEqual([]);
  off.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(went).toEqual(["off"]);
  answers.health = true;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(went).toEqual(["off", "back, true"]);
  expect(await untilReachable(new AbortController().signal)).toBe(false);
});

test("the online event ends the pause between probes", async () => {
  answers.health = false;
  let isBack = false;
  void untilReachable(new AbortController().signal).then(() => (isBack = true));
  await vi.advanceTimersByTimeAsync(1_000);
  answers.health = true;
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(isBack).toBe(true);
});

test("a 502 of a proxy does not count as a response", async () => {
  answers.status = 502;
  let isBack = false;
  void untilReachable(new AbortController().signal).then(() => (isBack = true));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(isBack).toBe(false);
  answers.status = 200;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(isBack).toBe(true);
});

test("an abort ends the wait at once, also while the server leaves a probe without a response", async () => {
  const silent = (_url: string, { signal }: { signal: AbortSignal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
  vi.stubGlobal("fetch", silent);
  const abort = new AbortController();
  let hasEnded = false;
  void untilReachable(abort.signal).then(() => (hasEnded = true));
  abort.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(hasEnded).toBe(true);
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  expect(isOffline()).toBe(false);
});
