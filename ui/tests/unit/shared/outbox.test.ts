// @vitest-environment jsdom
import { beforeEach, describe, expect, test, vi } from "vitest";
import { identity, ProblemError } from "@/api/problems";
import { reportCall } from "@/api/connectivity";
import { Outbox } from "@/shared/photos/outbox";
import { sessionChangeBounds } from "@/api/bounds.gen";
import { nameOf, type FailedUpload } from "@/shared/photos/upload-row";
import type { Server } from "@/shared/photos/upload-server";
import { DRAFT, type KeptPhoto, type StoreResult, type PhotoStore } from "@/shared/photos/photo-store";
import { jpeg, moved, notes } from "../photos";
import { problem } from "../problem";

type Sent = { file: File; answer: (error?: Error) => void };

/** A server that answers when the test does. */
class SlowServer implements Server {
  readonly sent: Sent[] = [];
  readonly opened: object[] = [];
  /** Those who wait until it can be reached. */
  readonly waiting: ((wasAway: boolean) => void)[] = [];

  upload: Server["upload"] = (file, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new DOMException("canceled", "AbortError")));
      const image = { id: `ast_${file.name}`, first_frame_only: false, thumbnail_url: "/thumb" };
      const answer = (error?: Error) => (error ? reject(error) : resolve(image as never));
      this.sent.push({ file, answer });
    });

  openSession: Server["openSession"] = (body) => {
    this.opened.push(body);
    return Promise.resolve({ id: `ses_${body.image_id}` } as never);
  };

  readonly added: { batch: string; items: object[]; key: string }[] = [];
  refusesBatch = false;

  addToBatch: Server["addToBatch"] = (batch, items, key) => {
    this.added.push({ batch, items, key });
    return this.refusesBatch ? Promise.reject(new ProblemError(null)) : Promise.resolve({} as never);
  };

  untilReachable: Server["untilReachable"] = (signal) =>
    new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(true));
      this.waiting.push(resolve);
    });
}

class MemoryPhotos implements PhotoStore {
  readonly photos = new Map<string, KeptPhoto>();
  answer: StoreResult = "kept";

  keep = (photo: KeptPhoto) => {
    if (this.answer === "kept") this.photos.set(photo.id, photo);
    return Promise.resolve(this.answer);
  };
  find = (id: string) => Promise.resolve(this.photos.get(id) ?? null);
  ids = () => Promise.resolve([...this.photos.keys()]);
  drop = (id: string) => Promise.resolve(void this.photos.delete(id));
}

const freed: string[] = [];

beforeEach(() => {
  freed.length = 0;
  let made = 0;
  Object.assign(URL, {
    createObjectURL: () => `blob:${(made += 1)}`,
    revokeObjectURL: (url: string) => freed.push(url),
  });
  reportCall(true);
});

function page({ server = new SlowServer(), store = new MemoryPhotos() } = {}) {
  const outbox = new Outbox(store, server);
  outbox.allow({ maxBytes: 1_000_000, maxSide: 4096 });
  const opened: string[] = [];
  const failures: FailedUpload[] = [];
  outbox.listen({
    onFailures: (all) => failures.push(...all),
    onProduct: () => undefined,
    onBatch: () => undefined,
  });
  const [forget, hide] = [outbox.openSingle(({ id }) => opened.push(id)), outbox.markVisible(null)];
  const leave = () => {
    forget();
    hide();
  };
  const add = (...files: File[]) =>
    outbox.add(files.map((file) => ({ file, title: null, platform: "amazon", batch: null })));
  const states = () => outbox.snapshot().map(({ state }) => state);
  const sent = async (n: number): Promise<Sent> => {
    await vi.waitFor(() => expect(server.sent).toHaveLength(n));
    return server.sent.at(-1) ?? expect.fail("it was there just now");
  };
  const id = (place = 0) => outbox.snapshot()[place]?.id ?? expect.fail("no such row");
  return { outbox, server, store, opened, failures, leave, add, states, sent, id };
}

const noAnswer = () => new ProblemError(null);

describe("uploads", () => {
  test("an unreadable file is refused, and the other files are sent", async () => {
    const { add, states, sent, outbox } = page();
    await add(moved("gone.jpg"), jpeg("mug.jpg"));
    (await sent(1)).answer();
    await vi.waitFor(() => expect(states()).toEqual(["refused", "done"]));
    expect(outbox.snapshot()[0]?.refusal).toEqual({ why: "unreadable" });
  });

  test("an upload without a response is sent again once the server responds, and its product opens", async () => {
    const { add, states, sent, server, opened } = page();
    await add(jpeg("mug.jpg"));
    (await sent(1)).answer(noAnswer());
    await vi.waitFor(() => expect(states()).toEqual(["away"]));
    server.waiting.forEach((go) => go(true));
    (await sent(2)).answer();
    await vi.waitFor(() => expect(states()).toEqual(["done"]));
    expect(opened).toEqual(["ses_ast_mug.jpg"]);
  });

  test.each([
    { calledOff: false, ends: "away" },
    { calledOff: true, ends: "canceled" },
  ])("a waiting photo shows its state only after it is stored: $ends", async ({ calledOff, ends }) => {
    const store = new MemoryPhotos();
    let written: (() => void) | undefined;
    const keep = store.keep;
    store.keep = async (photo) => {
      await new Promise<void>((done) => (written = done));
      return keep(photo);
    };
    const { add, states, sent, outbox, id } = page({ store });
    await add(jpeg("mug.jpg"));
    (await sent(1)).answer(noAnswer());
    await vi.waitFor(() => expect(written).toBeDefined());
    expect(states()).toEqual(["sending"]);
    if (calledOff) outbox.cancel(id());
    written?.();
    await vi.waitFor(() => expect(states()).toEqual([ends]));
  });

  test("a photo is sent while the browser is offline, and counts as offline only without a response", async () => {
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    const { add, states, sent } = page();
    await add(jpeg("mug.jpg"));
    const first = await sent(1);
    expect(states()).toEqual(["sending"]);
    reportCall(false);
    first.answer(noAnswer());
    await vi.waitFor(() => expect(states()).toEqual(["offline"]));
  });

  test("an upload that is lost three times while the server responds fails", async () => {
    const { add, states, sent, server } = page();
    await add(jpeg("mug.jpg"));
    for (const time of [1, 2, 3]) {
      (await sent(time)).answer(noAnswer());
      await vi.waitFor(() => expect(states()).not.toEqual(["sending"]));
      server.waiting.forEach((go) => go(false));
    }
    await vi.waitFor(() => expect(states()).toEqual(["failed"]));
    expect(server.sent).toHaveLength(3);
  });

  test("a photo cancelled while it is checked is never sent", async () => {
    const { add, states, outbox, id, server } = page();
    let read: (content: ArrayBuffer) => void = () => undefined;
    const slow = jpeg("slow.jpg");
    const slice = () => ({ arrayBuffer: () => new Promise<ArrayBuffer>((done) => (read = done)) });
    const added = add(Object.assign(slow, { slice }));
    expect(states()).toEqual(["checking"]);
    outbox.cancel(id());
    read(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]).buffer);
    await added;
    expect(states()).toEqual(["canceled"]);
    expect(server.sent).toEqual([]);
  });

  test("after the screen was left, a product does not open and failures are reported", async () => {
    const { add, leave, sent, opened, failures, states } = page();
    await add(notes("notes.jpg"), jpeg("watch.jpg"));
    leave();
    (await sent(1)).answer(new ProblemError(problem("E_INPUT_CORRUPT", 422)));
    await vi.waitFor(() => expect(failures.map(({ name }) => name)).toEqual(["watch.jpg"]));
    await add(jpeg("mug.jpg"));
    (await sent(2)).answer();
    await vi.waitFor(() => expect(states()).toEqual(["refused", "failed", "done"]));
    expect(opened).toEqual([]);
  });

  test("a failure is reported only if no screen shows its row", async () => {
    const { outbox, failures } = page();
    const inBatch = (batch: string, file: File) => outbox.add([{ file, title: null, platform: null, batch }]);
    outbox.markVisible(DRAFT);
    await inBatch(DRAFT, notes("seen.jpg"));
    await inBatch("bat_1", notes("unseen.jpg"));
    expect(failures.map(({ name }) => name)).toEqual(["unseen.jpg"]);
  });

  test("an upload that was refused without a sign-in is sent again after one", async () => {
    const { outbox, add, states, sent } = page();
    await outbox.resume();
    await add(jpeg("mug.jpg"));
    (await sent(1)).answer(new ProblemError(problem("E_UNAUTHORIZED", 401)));
    await vi.waitFor(() => expect(states()).toEqual(["failed"]));
    identity.signedIn();
    (await sent(2)).answer();
    await vi.waitFor(() => expect(states()).toEqual(["done"]));
  });

  test("the object URL of a preview is revoked when its row is removed", async () => {
    const { add, outbox, states, sent, server } = page();
    await add(jpeg("a.jpg"), jpeg("b.jpg"));
    await sent(2);
    server.sent.forEach(({ answer }) => answer());
    await vi.waitFor(() => expect(states()).toEqual(["done", "done"]));
    expect(freed).toEqual([]);
    outbox.clearDone();
    expect(freed).toEqual(["blob:1", "blob:2"]);
  });
});

describe("stored photos", () => {
  test("are resumed after a reload with their options", async () => {
    const before = page();
    await before.add(jpeg("mug.jpg"), jpeg("watch.jpg"), notes("notes.jpg"));
    const { server, store, outbox, states, sent } = page({ store: before.store });
    await outbox.resume();
    await sent(2);
    expect(outbox.snapshot().map(({ name }) => name)).toEqual(["mug.jpg", "watch.jpg"]);
    server.sent.forEach(({ answer }) => answer());
    await vi.waitFor(() => expect(states()).toEqual(["done", "done"]));
    expect(server.opened).toContainEqual({ image_id: "ast_mug.jpg", platform: "amazon", title: "mug" });
    await vi.waitFor(() => expect(store.photos.size).toBe(0));
  });

  test("are deleted once cancelled, dismissed or refused, and kept while a retry can help", async () => {
    const { add, outbox, store, states, sent, id } = page();
    await add(jpeg("a.jpg"), jpeg("b.jpg"), jpeg("c.jpg"), jpeg("d.jpg"));
    (await sent(2)).answer(new ProblemError(problem("E_STORAGE_IO", 503, true)));
    (await sent(3)).answer(new ProblemError(problem("E_INPUT_CORRUPT", 422)));
    await vi.waitFor(() => expect(states()).toEqual(["sending", "failed", "failed", "sending"]));
    outbox.cancel(id(3));
    const names = () => [...store.photos.values()].map(({ file }) => file.name);
    await vi.waitFor(() => expect(names()).toEqual(["a.jpg", "b.jpg"]));
    outbox.dismiss(id(1));
    await vi.waitFor(() => expect(names()).toEqual(["a.jpg"]));
  });

  test("a photo that changed on the disk while it waited is sent from its stored copy", async () => {
    const { add, store, states, sent, server } = page();
    const picked = jpeg("mug.jpg");
    await add(picked);
    const first = await sent(1);
    const [kept] = store.photos.values();
    if (kept) store.photos.set(kept.id, { ...kept, file: jpeg("copy.jpg") });
    const unreadable = () => ({ arrayBuffer: () => Promise.reject(new Error("changed on disk")) });
    Object.assign(picked, { slice: unreadable });
    first.answer(noAnswer());
    await vi.waitFor(() => expect(states()).toEqual(["away"]));
    server.waiting.forEach((go) => go(true));
    expect((await sent(2)).file.name).toBe("copy.jpg");
  });

  test("a full storage is reported, and a browser without storage still uploads", async () => {
    const { add, outbox, store } = page();
    store.answer = "full";
    await add(jpeg("mug.jpg"));
    store.answer = "never";
    await add(jpeg("watch.jpg"));
    await vi.waitFor(() => expect(outbox.snapshot().map(({ unkept }) => unkept)).toEqual([true, false]));
  });
});

test("a long file name is cut to the length of a title, and never within an emoji", () => {
  const limit = sessionChangeBounds.title.maxLength;
  expect(nameOf({ name: `${"a".repeat(limit - 1)}🏺🏺.jpg` })).toBe(`${"a".repeat(limit - 1)}🏺`);
});

describe("photos for a batch", () => {
  const draft = (outbox: Outbox, ...files: File[]) =>
    outbox.add(files.map((file) => ({ file, title: null, platform: null, batch: DRAFT })));

  test("wait for the start of the batch without becoming products, also after a reload", async () => {
    const before = page();
    await draft(before.outbox, jpeg("mug.jpg"));
    (await before.sent(1)).answer();
    await vi.waitFor(() => expect(before.states()).toEqual(["ready"]));
    await vi.waitFor(() => expect([...before.store.photos.values()][0]?.image).toBeTruthy());

    const again = page({ store: before.store });
    await again.outbox.resume();
    await vi.waitFor(() => expect(again.states()).toEqual(["ready"]));
    expect([...before.server.opened, ...again.server.sent]).toEqual([]);
  });

  test("that still upload when the batch starts follow in one request, retried with the same key", async () => {
    const { outbox, server, store, states, sent, id } = page();
    await draft(outbox, jpeg("a.jpg"), jpeg("b.jpg"));
    await sent(2);
    server.sent[0]?.answer();
    await vi.waitFor(() => expect(states()).toEqual(["ready", "sending"]));
    server.refusesBatch = true;
    outbox.assignDraft("bat_1", [id(0)]);
    server.sent[1]?.answer();
    await vi.waitFor(() => expect(states()).toEqual(["failed"]));
    server.refusesBatch = false;
    await outbox.retry(id(), false);
    await vi.waitFor(() => expect(states()).toEqual([]));
    expect(server.added.map(({ batch }) => batch)).toEqual(["bat_1", "bat_1"]);
    expect(server.added[0]).toEqual(server.added[1]);
    expect(server.added[0]?.items).toEqual([{ image_id: "ast_b.jpg", session_id: null, title: "b" }]);
    await vi.waitFor(() => expect(store.photos.size).toBe(0));
  });
});
