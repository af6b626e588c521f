import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { identity } from "@/api/problems";
import { SignIn } from "@/app/sign-in";
import { SignOut } from "@/shared/shell/sign-out";
import { serve } from "../server";
import { cacheWith, inPage } from "../page";

const browser = vi.hoisted(() => ({ unsent: 0, done: [] as string[] }));

vi.mock("idb", () => ({
  openDB: () =>
    Promise.resolve({
      count: () => Promise.resolve(browser.unsent),
      clear: () => Promise.resolve(void browser.done.push("forgotten")),
    }),
}));

beforeEach(() => {
  Object.assign(browser, { unsent: 0, done: [] });
  localStorage.clear();
  sessionStorage.clear();
});

function open() {
  serve(({ call }) => {
    browser.done.push(call);
    return new Response(null, { status: 204 });
  });
  render(inPage(<SignOut />, { client: cacheWith({ auth: "token" }) }));
  return userEvent.setup();
}

test("signing out deletes the photos stored in the browser and tells its other tabs", async () => {
  const told = vi.fn();
  const otherTab = new BroadcastChannel("stillroom.signed-out");
  otherTab.addEventListener("message", told);
  const user = open();
  await user.click(screen.getByRole("button", { name: "Sign out" }));
  await waitFor(() => expect(browser.done).toEqual(["POST /logout", "forgotten"]));
  await waitFor(() => expect(told).toHaveBeenCalledOnce());
  otherTab.close();
});

test("signing out forgets what was typed and keeps the settings of the browser", async () => {
  localStorage.setItem("stillroom.theme", '"dark"');
  localStorage.setItem("stillroom.batch-draft", '{"name":"Spring"}');
  sessionStorage.setItem("stillroom.draft.refine.ses_1", "warmer");
  localStorage.setItem("another.page", "its own");
  const user = open();
  await user.click(screen.getByRole("button", { name: "Sign out" }));
  await waitFor(() => expect(Object.keys(localStorage).sort()).toEqual(["another.page", "stillroom.theme"]));
  expect(sessionStorage).toHaveLength(0);
});

test("signing out in another tab forgets what was typed in this one", async () => {
  sessionStorage.setItem("stillroom.draft.refine.ses_1", "warmer");
  render(inPage(<SignIn />));
  const otherTab = new BroadcastChannel("stillroom.signed-out");
  otherTab.postMessage(null);
  await waitFor(() => expect(sessionStorage).toHaveLength(0));
  otherTab.close();
});

test.each([
  ["another user forgets what the one before left in any tab", "bob", ["forgotten"]],
  ["the same user keeps it", "ada", []],
])("signing in over an expired session: %s", async (_, name, done) => {
  localStorage.setItem("stillroom.user", "ada");
  sessionStorage.setItem("stillroom.draft.refine.ses_1", "warmer");
  const told = vi.fn();
  const otherTab = new BroadcastChannel("stillroom.signed-out");
  otherTab.addEventListener("message", told);
  onTestFinished(() => otherTab.close());
  const retried = vi.fn();
  identity.addEventListener("known", retried, { once: true });
  serve(() => ({ name, expires_at: "2026-01-01T00:00:00Z" }));
  render(inPage(<SignIn />));
  act(() => void identity.dispatchEvent(new Event("refused")));
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("Token"), "st_1");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await waitFor(() => expect(sessionStorage).toHaveLength(done.length === 0 ? 1 : 0));
  await waitFor(() => expect(told).toHaveBeenCalledTimes(done.length));
  await waitFor(() => expect(retried).toHaveBeenCalledTimes(done.length === 0 ? 1 : 0));
  expect(browser.done).toEqual(done);
  expect(localStorage.getItem("stillroom.user")).toBe(name);
});

test("signing out with unsent photos asks first", async () => {
  browser.unsent = 2;
  const user = open();
  await user.click(screen.getByRole("button", { name: "Sign out" }));
  expect(await screen.findByText(/^2 photos have not been sent yet/)).toBeInTheDocument();
  expect(browser.done).toEqual([]);
  const [, confirm] = screen.getAllByRole("button", { name: "Sign out" });
  if (confirm) await user.click(confirm);
  await waitFor(() => expect(browser.done).toEqual(["POST /logout", "forgotten"]));
});
