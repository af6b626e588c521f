import { beforeEach, expect, test, vi } from "vitest";
import { IndexedPhotos, MAX_BYTES, MAX_PHOTOS, type KeptPhoto } from "@/shared/photos/photo-store";

const browser = vi.hoisted(() => ({
  kept: new Map<string, { id: string }>(),
  refuses: null as Error | null,
  isPrivate: false,
  isForbidden: false,
}));

vi.mock("idb", () => ({
  openDB: () => {
    if (browser.isForbidden) throw new DOMException("denied", "SecurityError");
    return browser.isPrivate
      ? Promise.reject(new DOMException("private", "InvalidStateError"))
      : Promise.resolve({
          put: (_table: string, photo: { id: string }) =>
            browser.refuses
              ? Promise.reject(browser.refuses)
              : Promise.resolve(browser.kept.set(photo.id, photo)),
          get: (_table: string, id: string) => Promise.resolve(browser.kept.get(id)),
          getAll: () => Promise.resolve([...browser.kept.values()]),
          delete: (_table: string, id: string) => Promise.resolve(browser.kept.delete(id)),
          clear: () => Promise.resolve().then(() => browser.kept.clear()),
        });
  },
}));

beforeEach(() => {
  browser.kept.clear();
  Object.assign(browser, { refuses: null, isPrivate: false, isForbidden: false });
});

const photo = (id: string, size = 1000, at = 0): KeptPhoto => ({
  ...{ id, at, title: null, platform: null, batch: null },
  file: Object.defineProperty(new File([], `${id}.jpg`), "size", { value: size }),
});

test("photos are handed out in the order in which they came", async () => {
  const store = new IndexedPhotos();
  await store.keep(photo("b", 1000, 2));
  await store.keep(photo("a", 1000, 1));
  expect(await new IndexedPhotos().ids()).toEqual(["a", "b"]);
});

test("photos beyond the limits are not stored, and a deleted one makes room", async () => {
  const store = new IndexedPhotos();
  for (let n = 0; n < MAX_PHOTOS; n += 1) expect(await store.keep(photo(`p${n}`))).toBe("kept");
  expect(await store.keep(photo("more"))).toBe("full");
  await store.drop("p0");
  expect(await store.keep(photo("large", MAX_BYTES))).toBe("full");
  expect(await store.keep(photo("more"))).toBe("kept");
});

test("after all photos are forgotten there is room again", async () => {
  const store = new IndexedPhotos();
  await store.keep(photo("large", MAX_BYTES));
  await store.clear();
  expect(await store.keep(photo("small"))).toBe("kept");
  expect(await store.ids()).toEqual(["small"]);
});

test("photos stored by an earlier page count towards the limit", async () => {
  await new IndexedPhotos().keep(photo("large", MAX_BYTES - 10));
  const store = new IndexedPhotos();
  await store.ids();
  expect(await store.keep(photo("small", 11))).toBe("full");
});

test("a browser without room says that it is full, and one that keeps nothing says that", async () => {
  browser.refuses = new DOMException("no room", "QuotaExceededError");
  expect(await new IndexedPhotos().keep(photo("mug"))).toBe("full");
  browser.isPrivate = true;
  const store = new IndexedPhotos();
  expect(await store.keep(photo("mug"))).toBe("never");
  expect(await store.ids()).toEqual([]);
  expect(await store.find("mug")).toBeNull();
});

test("a browser that forbids the database at once counts as one that stores nothing", async () => {
  browser.isForbidden = true;
  const store = new IndexedPhotos();
  expect(await store.keep(photo("mug"))).toBe("never");
  expect(await store.count()).toBe(0);
});
