import { expect, it } from "vitest";
import type { Schemas } from "@/api/client";
import { filesOf, groupsOf, tickedAtFirst } from "@/shared/recipe/presets";

const preset = (id: string, platform: string, formats = ["jpeg"]) => ({ id, platform, formats });
const config = {
  platforms: [
    { id: "taobao", name: { zh: "淘宝", en: "Taobao" }, default_preset: "taobao-main" },
    { id: "amazon", name: { zh: "亚马逊", en: "Amazon" }, default_preset: "amazon-main" },
  ],
  export_presets: [
    preset("web-1080", "web", ["webp", "jpeg"]),
    preset("web-1500", "web"),
    preset("web-avif", "web"),
    preset("taobao-white", "taobao"),
    preset("taobao-main", "taobao"),
    preset("amazon-main", "amazon"),
  ],
} as unknown as Schemas["Config"];

it("the product's own shop comes first, then what suits any shop", () => {
  expect(groupsOf(config, "amazon").map(({ id }) => id)).toEqual(["amazon", "web", "taobao"]);
  expect(groupsOf(config, null).map(({ id }) => id)).toEqual(["web", "taobao", "amazon"]);
});

it("the shop's main file is ticked to begin with, or both web sizes", () => {
  expect(tickedAtFirst(config, "taobao")).toEqual(["taobao-main"]);
  expect(tickedAtFirst(config, null)).toEqual(["web-1080", "web-1500"]);
});

it("a preset in two formats is two files", () => {
  expect(filesOf(config.export_presets, new Set(["web-1080", "amazon-main"]))).toBe(3);
});
