import { beforeEach, expect, test, vi } from "vitest";
import { IndexedStore } from "@/features/batch/store";
import { jpeg, moved } from "../../photos";

const kept = vi.hoisted(() => new Map<string, unknown>());

vi.mock("idb", () => ({
  openDB: () =>
    Promise.resolve({
      get: (_table: string, id: string) => Promise.resolve(kept.get(id)),
      put: () => Promise.resolve(),
    }),
}));

beforeEach(() => kept.clear());

test("a photo that changed on the disk since it was picked comes from the store", async () => {
  const store = new IndexedStore();
  const picked = jpeg("mug.jpg");
  await store.savePhoto("mug", picked);
  expect(await store.photo("mug")).toBe(picked);

  const copy = jpeg("mug.jpg");
  kept.set("mug", copy);
  await store.savePhoto("mug", moved("mug.jpg"));
  expect(await store.photo("mug")).toBe(copy);
});

test("a photo that can be read nowhere is lost", async () => {
  const store = new IndexedStore();
  await store.savePhoto("mug", moved("mug.jpg"));
  expect(await store.photo("mug")).toBeNull();
  kept.set("mug", moved("mug.jpg"));
  expect(await store.photo("mug")).toBeNull();
});
