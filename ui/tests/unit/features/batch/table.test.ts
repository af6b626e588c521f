import { expect, test } from "vitest";
import { cellsOf, matchRows, rowsOf } from "@/features/batch/table";

const bytes = (text: string) => new TextEncoder().encode(text);
const limits = { sku: 5, title: 10, prompt: 20 };

test.each([",", ";", "\t"])("cells may be quoted and hold the separator and line ends: %j", (mark) => {
  expect(cellsOf(`file${mark}title\r\na.jpg${mark}"Mug${mark} ""blue""\n2"\r\n\r\nb.jpg${mark}`)).toEqual([
    ["file", "title"],
    ["a.jpg", `Mug${mark} "blue"\n2`],
    [""],
    ["b.jpg", ""],
  ]);
});

test("a row keeps the number that a spreadsheet shows for it, also after an empty one", () => {
  expect(rowsOf(bytes("\nfile,title\na.jpg\n,\nb.jpg\n"))?.map(({ file, line }) => [file, line])).toEqual([
    ["a.jpg", 3],
    ["b.jpg", 5],
  ]);
});

test("a table is read by its column names, in UTF-8 or as Chinese spreadsheets write it", () => {
  expect(rowsOf(bytes("\ufeffSKU,File,prompt\n'=1,a.jpg,warmer\n"))).toEqual([
    { line: 2, file: "a.jpg", sku: "=1", title: "", prompt: "warmer" },
  ]);
  const gb18030 = Uint8Array.from([...bytes("file,title\na.jpg,"), 0xb1, 0xad, 0xd7, 0xd3]);
  expect(rowsOf(gb18030)?.[0]?.title).toBe("杯子");
  expect(rowsOf(bytes("sku,title\n1,Mug"))).toBeNull();
});

test("rows meet photos by file name, and a faulty row holds up no other", () => {
  const row = (line: number, file: string, part: object = {}) => ({
    ...{ line, file, sku: "", title: "", prompt: "" },
    ...part,
  });
  const photos = [
    { id: "1", name: "A.JPG" },
    { id: "2", name: "b.png" },
  ];
  const rows = [
    row(2, "photos/a.jpg", { sku: "S-1" }),
    row(3, "a.jpg"),
    row(4, "gone.jpg"),
    row(5, "b", { title: "much too long" }),
    row(6, ""),
    row(7, "b"),
  ];
  const { byPhoto, errors } = matchRows(rows, photos, limits);
  expect([...byPhoto].map(([id, { line }]) => [id, line])).toEqual([
    ["1", 2],
    ["2", 7],
  ]);
  expect(errors.map(({ line, why }) => [line, why])).toEqual([
    [3, "twice"],
    [4, "unknownFile"],
    [5, "titleTooLong"],
    [6, "noFile"],
  ]);
});
