import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test } from "vitest";
import { earlyAnswer } from "@/api/early";
import { configQuery } from "@/api/queries";
import { keepEarly } from "@/app/first-paint/keep-early";
import { sessionsQuery } from "@/features/library";

const LIST = "/session?limit=40";
const asked = (address: string, method = "GET") =>
  earlyAnswer(new Request(new URL(address, window.location.origin), { method }));

beforeEach(() => {
  const answer = Promise.resolve(new Response("{}"));
  window.early = {
    answers: new Map([
      ["/config", answer],
      [LIST, answer],
    ]),
    bodies: new Map(),
    over: false,
    seen: Promise.resolve(),
  };
});
afterEach(() => {
  delete window.early;
});

test("an answer that was asked for early is used once, and only for the same request", () => {
  expect(asked("/config", "POST")).toBeUndefined();
  expect(asked("/session?limit=41")).toBeUndefined();
  expect(asked("/config")).toBeDefined();
  expect(asked("/config")).toBeUndefined();
});

test("what has come is there at React's first drawing, as old as it is, and nobody gets it again", () => {
  window.early?.bodies.set(LIST, { json: { items: [], next_cursor: null }, at: 1234 });
  const client = new QueryClient();
  keepEarly(client);
  const state = client.getQueryState(sessionsQuery.queryKey);
  expect(state?.data?.pages).toEqual([{ items: [], next_cursor: null }]);
  expect(state?.dataUpdatedAt).toBe(1234);
  expect(client.getQueryData(configQuery.queryKey)).toBeUndefined();
  expect(asked(LIST)).toBeUndefined();
  expect(asked("/config")).toBeDefined();
  expect(window.early?.over).toBe(true);
});
