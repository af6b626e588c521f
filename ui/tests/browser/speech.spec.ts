import { expect, test } from "@playwright/test";
import { openPhoto } from "./studio";

test.use({ locale: "zh-CN", colorScheme: "light" });

const background = "getComputedStyle(document.documentElement).backgroundColor";

/** Latin words that are names, units or the other language's own name. */
const names =
  /Stillroom|English|Switch to English|AUREL|JPEG|PNG|WebP|AVIF|TIFF|HEIC|GIF|MB|ChatGPT|Gemini|Sora|Enter|Ctrl/g;

test("the language switches everywhere and is remembered", async ({ page }) => {
  await openPhoto(page, "perfume");
  await expect(page.getByRole("button", { name: "一键优化" })).toBeVisible();
  await page.getByRole("button", { name: "Switch to English" }).click();
  await expect(page.getByRole("button", { name: "Optimise" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.reload();
  await expect(page.getByRole("button", { name: "Optimise" })).toBeVisible();
  const han = await page.locator("aside").innerText();
  expect(han.replace("English or 中文", "")).not.toMatch(/\p{Script=Han}/u);
});

test("the Chinese page has no English left on it", async ({ page }) => {
  for (const path of ["/", "/settings"]) {
    await page.goto(path);
    await expect(page.getByRole("link", { name: "设置" })).toBeVisible();
    await page.waitForLoadState("networkidle");
    const text = (await page.locator("header").innerText()) + (await page.locator("main h1").innerText());
    expect(text.replace(names, "")).not.toMatch(/[A-Za-z]{3,}/);
  }
  await expect(page.getByText("单键快捷键")).toBeVisible();
});

test("the theme follows the system until one is chosen, and then stays", async ({ page }) => {
  const ground = (colour: string) => expect.poll(() => page.evaluate(background)).toBe(colour);
  await page.goto("/settings");
  await ground("rgb(244, 244, 244)");
  await page.emulateMedia({ colorScheme: "dark" });
  await ground("rgb(22, 22, 22)");
  await page.getByRole("radio", { name: "浅色" }).check();
  await ground("rgb(244, 244, 244)");
  await page.reload();
  await ground("rgb(244, 244, 244)");
});
