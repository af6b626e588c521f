import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { FIRST_JOB_MS, openPhoto, optimise } from "./studio";

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

const wide = { width: 1440, height: 900 };
const phone = { width: 375, height: 812 };

// Both sizes in both languages, whose words are of different lengths; both colour schemes at both sizes.
const languages = [
  {
    locale: "zh-CN",
    screens: [
      { name: "wide, light", size: wide, colorScheme: "light" },
      { name: "phone, dark", size: phone, colorScheme: "dark" },
    ],
    optimises: "一键优化",
    exports: "导出",
    noRules: "这个文件没有平台规则要查。",
  },
  {
    locale: "en-US",
    screens: [
      { name: "wide, dark", size: wide, colorScheme: "dark" },
      { name: "phone, light", size: phone, colorScheme: "light" },
    ],
    optimises: "Optimise",
    exports: "Export",
    noRules: "No shop rules apply",
  },
] as const;

for (const { locale, screens, ...words } of languages) {
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
        for (const address of ["/", "/settings", "/batches", "/lab/golden", studio]) {
          await page.goto(address);
          await page.waitForLoadState("networkidle");
          expect(await violations(page), `${name} ${address}`).toEqual([]);
          const wider = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
          expect(wider, `${name} ${address} scrolls sideways`).toBeLessThanOrEqual(0);
        }
        await page.getByRole("button", { name: words.exports, exact: true }).click();
        await expect(
          page
            .getByRole("dialog")
            .getByRole("heading", { level: 4 })
            .first()
            .or(page.getByText(words.noRules)),
        ).toBeVisible();
        expect(await violations(page), `${name} export`).toEqual([]);
        await page.keyboard.press("Escape");
        await expect(page.getByRole("dialog")).toHaveCount(0);
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

test("the tools under the picture keep clear of each other at every width, also for a finger", async ({
  browser,
  baseURL,
}) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  const context = await browser.newContext({ baseURL: baseURL ?? "", locale: "en-US", hasTouch: true });
  const page = await context.newPage();
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  const stage = page.getByRole("main", { name: "Picture" });
  const controls = stage.locator("input[type=radio], button");
  for (const width of [640, 700, 768, 1024, 1100, 1195, 1280, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    const wider = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
    expect(wider, `${width} scrolls sideways`).toBeLessThanOrEqual(0);
    await stage.getByRole("radio").last().scrollIntoViewIfNeeded();
    const covered = await controls.evaluateAll((all) =>
      all
        // A narrow stage has no zoom buttons for a finger, which pinches.
        .filter((control) => control.checkVisibility())
        .filter((control) => {
          const { left, top, width, height } = control.getBoundingClientRect();
          const there = document.elementFromPoint(left + width / 2, top + height / 2);
          return there !== control && !control.contains(there);
        })
        .map((control) => control.getAttribute("aria-label") ?? control.closest("label")?.textContent),
    );
    expect(covered, `covered at ${width}`).toEqual([]);
  }
  await context.close();
});
