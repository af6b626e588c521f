import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { candidates, FIRST_JOB_MS, openPhoto, optimise } from "./studio";

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

const screens = [
  { name: "wide, light", size: { width: 1440, height: 900 }, colorScheme: "light" },
  { name: "wide, dark", size: { width: 1440, height: 900 }, colorScheme: "dark" },
  { name: "phone, light", size: { width: 375, height: 812 }, colorScheme: "light" },
  { name: "phone, dark", size: { width: 375, height: 812 }, colorScheme: "dark" },
] as const;

const languages = [
  { locale: "zh-CN", optimises: "一键优化", exports: "导出", noRules: "这个文件没有平台规则要查。" },
  { locale: "en-US", optimises: "Optimise", exports: "Export", noRules: "No shop rules apply" },
];

for (const { locale, ...words } of languages) {
  test(`no screen has barriers that can be measured, in ${locale}`, async ({ browser, baseURL }) => {
    test.setTimeout(4 * FIRST_JOB_MS);
    const context = await browser.newContext({ baseURL: baseURL ?? "", locale });
    const page = await context.newPage();
    await page.emulateMedia({ reducedMotion: "reduce" });
    await openPhoto(page, "mug");
    await optimise(page, words.optimises);
    const studio = page.url();

    for (const { name, size, colorScheme } of screens) {
      await test.step(name, async () => {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        for (const address of ["/", "/settings", "/batch", "/lab/golden", studio]) {
          await page.goto(address);
          await page.waitForLoadState("networkidle");
          expect(await violations(page), `${name} ${address}`).toEqual([]);
          const wider = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
          expect(wider, `${name} ${address} scrolls sideways`).toBeLessThanOrEqual(0);
        }
        await page.getByRole("button", { name: words.exports, exact: true }).click();
        await expect(
          page.getByRole("dialog").getByRole("table").or(page.getByText(words.noRules)),
        ).toBeVisible();
        expect(await violations(page), `${name} export`).toEqual([]);
        await page.keyboard.press("Escape");
        for (const key of ["c", "t", "m"]) {
          await page.locator("body").press(key);
          await expect(page.getByRole("dialog")).toBeVisible();
          await page.waitForLoadState("networkidle");
          expect(await violations(page), `${name} dialog of ${key}`).toEqual([]);
          await page.keyboard.press("Escape");
          await expect(page.getByRole("dialog")).toHaveCount(0);
        }
      });
    }
    await context.close();
  });
}

test("the studio works by keyboard alone", async ({ page }) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "watch");
  await expect(page.getByRole("button", { name: "Optimise" })).toBeVisible();
  await page.locator("body").press("o");
  await expect(candidates(page)).toHaveCount(3, { timeout: FIRST_JOB_MS });
  await page.locator("body").press("2");
  await expect(page.getByRole("option", { name: /^1\.2/ })).toHaveAttribute("aria-selected", "true");
  await page.getByRole("option", { name: /^1\.2/ }).press("ArrowRight");
  await expect(page.getByRole("option", { name: /^1\.3/ })).toBeFocused();
  await page.locator("body").press("a");
  await expect(page.getByRole("option", { name: /^1\.3.*Adopted/ })).toBeVisible();
  const slider = page.getByRole("slider");
  await slider.press("Home");
  await expect(slider).toHaveAttribute("aria-valuenow", "0");
  await slider.press("Shift+ArrowRight");
  await expect(slider).toHaveAttribute("aria-valuenow", "10");
  await page.locator("body").press("s");
  await expect(page.getByRole("radio", { name: "Single" })).toBeChecked();
  await page.locator("body").press("e");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});
