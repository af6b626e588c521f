import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { ProblemError } from "@/api/problems";
import { told } from "@/api/reach";
import { useUploads, type Missed } from "@/features/library/hooks/use-uploads";
import { jpeg, moved, notes } from "../../photos";

type Sent = { file: File; signal: AbortSignal; answer: (error?: Error) => void };
const server = vi.hoisted(() => ({ sent: [] as Sent[] }));

vi.mock("@/api/upload", () => ({
  upload: (file: File, signal: AbortSignal) =>
    new Promise((resolve, reject) => {
      const answer = (error?: Error) => (error ? reject(error) : resolve({ id: file.name }));
      signal.addEventListener("abort", () => reject(new DOMException("canceled", "AbortError")));
      server.sent.push({ file, signal, answer });
    }),
}));

vi.mock("@/features/library/queries", () => ({
  openSession: ({ image_id: id }: { image_id: string }) => Promise.resolve({ id: `ses_${id}` }),
  sessionsQuery: { queryKey: ["sessions"] },
}));

const freed: string[] = [];
const opened: string[] = [];
const missed: Missed[] = [];

beforeEach(() => {
  for (const list of [server.sent, freed, opened, missed]) list.length = 0;
  let made = 0;
  Object.assign(URL, {
    createObjectURL: () => `blob:${(made += 1)}`,
    revokeObjectURL: (url: string) => freed.push(url),
  });
  told(true);
});

function home() {
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const ends = {
    onOnly: ({ id }: { id: string }) => opened.push(id),
    onMissed: (all: readonly Missed[]) => missed.push(...all),
  };
  const { result, unmount } = renderHook(() => useUploads({ maxBytes: 1_000_000, maxSide: 4096 }, ends), {
    wrapper,
  });
  const add = (...files: File[]) =>
    act(async () => {
      void result.current.add(files.map((file) => ({ file, title: null })));
      await Promise.resolve();
    });
  const states = () => result.current.rows.map(({ state }) => state);
  return { result, unmount, add, states };
}

const sent = async (n: number) => {
  await waitFor(() => expect(server.sent).toHaveLength(n));
  const last = server.sent[n - 1];
  if (!last) throw new Error("it was there just now");
  return last;
};

test("a file that cannot be read is refused, and the others go on", async () => {
  const { add, states, result } = home();
  await add(moved("gone.jpg"), jpeg("mug.jpg"));
  (await sent(1)).answer();
  await waitFor(() => expect(states()).toEqual(["refused", "done"]));
  expect(result.current.rows[0]?.refusal).toEqual({ why: "unreadable" });
});

test("a photo is sent although the browser has no network, and waits only when nobody answers", async () => {
  const network = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  const { add, states } = home();
  await add(jpeg("mug.jpg"));
  const first = await sent(1);
  told(false);
  first.answer(new ProblemError(null));
  await waitFor(() => expect(states()).toEqual(["offline"]));
  network.mockReturnValue(true);
  act(() => void window.dispatchEvent(new Event("online")));
  (await sent(2)).answer();
  await waitFor(() => expect(states()).toEqual(["done"]));
  expect(opened).toEqual(["ses_mug.jpg"]);
});

test("a photo called off while it is checked is never sent", async () => {
  const { add, states, result } = home();
  let read: (content: ArrayBuffer) => void = () => undefined;
  const slow = jpeg("slow.jpg");
  const slice = () => ({ arrayBuffer: () => new Promise<ArrayBuffer>((done) => (read = done)) });
  await add(Object.assign(slow, { slice }));
  expect(states()).toEqual(["checking"]);
  act(() => result.current.cancel(result.current.rows[0]?.key ?? -1));
  await act(async () => {
    read(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]).buffer);
    await Promise.resolve();
  });
  expect(states()).toEqual(["canceled"]);
  expect(server.sent).toEqual([]);
});

test("who has gone to another screen stays there, and is told what did not come in", async () => {
  const { add, unmount } = home();
  await add(jpeg("mug.jpg"));
  const first = await sent(1);
  const other = home();
  await other.add(notes("notes.jpg"), jpeg("watch.jpg"));
  const second = await sent(2);
  unmount();
  other.unmount();
  first.answer();
  second.answer(new ProblemError(null));
  await waitFor(() => expect(missed.map(({ name }) => name)).toEqual(["watch.jpg"]));
  expect(opened).toEqual([]);
});

test("a preview is let go when its row leaves, and all of them with the screen", async () => {
  const { add, unmount, states, result } = home();
  await add(jpeg("a.jpg"), jpeg("b.jpg"));
  await sent(2);
  server.sent.forEach(({ answer }) => answer());
  await waitFor(() => expect(states()).toEqual(["done", "done"]));
  act(() => result.current.clearDone());
  expect(freed).toEqual(["blob:1", "blob:2"]);
  await add(jpeg("c.jpg"));
  unmount();
  expect(freed).toEqual(["blob:1", "blob:2", "blob:3"]);
});
