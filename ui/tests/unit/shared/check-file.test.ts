// Without a document, because jsdom's File cannot be read piece by piece; Node's can, as a browser's.
import { describe, expect, it } from "vitest";
import { refusalOf, trulyNamed } from "@/shared/photos/check-file";
import { moved } from "../photos";

const MB = 1024 * 1024;
const jpeg = [0xff, 0xd8, 0xff, 0xe0];
const file = (name: string, content: BlobPart[]) => new File(content, name);
const bytes = (...values: number[]) => new Uint8Array([...values, ...new Array<number>(64).fill(0)]);

describe("a file before it is sent", () => {
  it("goes when its content is what its name says", async () => {
    expect(await refusalOf(file("shoe.JPG", [bytes(...jpeg)]), MB)).toBeNull();
  });

  it("goes when its name claims nothing", async () => {
    expect(await refusalOf(file("clipboard", [bytes(...jpeg)]), MB)).toBeNull();
  });

  it("is refused when it holds nothing", async () => {
    expect(await refusalOf(file("empty.png", []), MB)).toEqual({ why: "empty" });
  });

  it("is refused when it cannot be read", async () => {
    expect(await refusalOf(moved("gone.jpg"), MB)).toEqual({ why: "unreadable" });
  });

  it("is refused when it is larger than the server takes", async () => {
    const large = file("large.jpg", [bytes(...jpeg), new Uint8Array(MB)]);
    expect(await refusalOf(large, MB)).toMatchObject({ why: "tooLarge", limit: MB });
  });

  it.each([
    ["shoe.png", "shoe.jpeg"],
    ["shoe v1.2", "shoe v1.2.jpeg"],
    ["shoe.JPG", "shoe.JPG"],
    ["clipboard", "clipboard"],
  ])("%s goes under the name of its content", async (name, sent) => {
    const photo = file(name, [bytes(...jpeg)]);
    expect(await refusalOf(photo, MB)).toBeNull();
    expect((await trulyNamed(photo)).name).toBe(sent);
  });

  it.each([
    ["notes.jpg", ["plain words"], "text"],
    ["logo.png", ["<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"], "svg"],
    ["sheet.jpg", ["%PDF-1.7"], "pdf"],
    ["tool.jpg", [bytes(0x4d, 0x5a)], "exe"],
    ["photos.jpg", [bytes(0x50, 0x4b, 0x03, 0x04)], "zip"],
    ["page.jpg", ["<!DOCTYPE html><title>x</title>"], "html"],
    ["noise.jpg", [bytes(0x01, 0x02, 0x03)], null],
  ])("%s is named for what it is", async (name, content, kind) => {
    expect(await refusalOf(file(name, content), MB)).toEqual({ why: "notPicture", kind });
  });
});
