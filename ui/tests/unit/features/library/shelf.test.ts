import { expect, test } from "vitest";
import type { Schemas } from "@/api/client";
import type { UploadRow } from "@/shared/photos/upload-row";
import { coverOf, placesOf, searchProducts, sortProducts } from "@/features/library/shelf";

test("photos on their way hold the places of their products, and each of the others stays where it is", () => {
  const row = (id: string, state: string) => ({ id, state }) as UploadRow;
  const cards = (...states: string[]) =>
    placesOf(
      states.map((state, at) => row(String(at), state)),
      3,
    ).cards.map(({ id }) => id);
  expect(cards("sending", "sending", "waiting")).toEqual(["2", "1", "0"]);
  expect(cards("done", "sending", "waiting")).toEqual(["2", "1"]);
  expect(cards("refused", "offline", "failed")).toEqual([]);
  const single = [row("0", "sending")];
  expect(placesOf(single, 0)).toEqual({ cards: [], listed: single });
  expect(placesOf([...single, row("1", "refused")], 3).listed.map(({ id }) => id)).toEqual(["1"]);
});

const named = (...titles: string[]) => titles.map((title) => ({ title }) as Schemas["Session"]);
const titles = (sessions: Schemas["Session"][]) => sessions.map(({ title }) => title);

test("all words must stand in the name, in any order and either case", () => {
  const shelf = named("AUREL 香水 50 ml", "Blue mug", "mug, green");
  expect(titles(searchProducts(shelf, "MUG blue"))).toEqual(["Blue mug"]);
  expect(titles(searchProducts(shelf, "香水"))).toEqual(["AUREL 香水 50 ml"]);
  expect(searchProducts(shelf, "  ")).toHaveLength(3);
});

test("names are ordered as people count, and the server's order stays as it came", () => {
  const shelf = named("photo 10", "photo 9", "Apple");
  expect(titles(sortProducts(shelf, "name", "en"))).toEqual(["Apple", "photo 9", "photo 10"]);
  expect(titles(sortProducts(shelf, "recent", "en"))).toEqual(["photo 10", "photo 9", "Apple"]);
});

test("a product shows the picture that the studio opens with: the first of the newest step, or the adopted one", () => {
  const made = (id: string, job_id: string, ordinal: number, adopted: boolean) => ({
    id,
    job_id,
    ordinal,
    adopted,
    role: "candidate",
    created_at: id,
    image: { id },
  });
  const face = (...variants: object[]) =>
    coverOf({ image: { id: "photo" }, variants } as unknown as Schemas["Session"]).id;
  expect(face()).toBe("photo");
  const [first, second] = [made("1", "job_1", 1, false), made("2", "job_1", 2, false)];
  expect(face(second, first)).toBe("1");
  expect(face(first, second, made("3", "job_2", 1, false))).toBe("3");
  expect(face(first, made("2", "job_1", 2, true), made("3", "job_2", 1, false))).toBe("2");
});
