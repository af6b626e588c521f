import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isOffline, onReach, reached, told } from "@/api/reach";

const network = { is: true };
const answers = { health: true };

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(navigator, "onLine", "get").mockImplementation(() => network.is);
  vi.stubGlobal("fetch", () =>
    answers.health ? Promise.resolve(new Response()) : Promise.reject(new TypeError("no network")),
  );
  Object.assign(network, { is: true });
  Object.assign(answers, { health: true });
  told(true);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a server that answers is there, whatever the browser says of the network", () => {
  network.is = false;
  expect(isOffline()).toBe(false);
  told(false);
  expect(isOffline()).toBe(true);
  network.is = true;
  expect(isOffline()).toBe(false);
});

test("when the browser loses its network the server is asked, and again until it answers", async () => {
  const seen: boolean[] = [];
  const stop = onReach(() => seen.push(isOffline()));
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

test("who waits for the server goes on when the network is back, and when nobody waits any more", async () => {
  network.is = false;
  answers.health = false;
  told(false);
  const went: string[] = [];
  const off = new AbortController();
  void reached(new AbortController().signal).then(() => went.push("back"));
  void reached(off.signal).then(() => went.push("off"));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(went).toEqual([]);
  off.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(went).toEqual(["off"]);
  network.is = true;
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(went).toEqual(["off", "back"]);
});
