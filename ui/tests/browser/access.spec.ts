import { expect, test, type Page } from "@playwright/test";
import { stocked, type Stock } from "./stock";
import { screens, violations, visit } from "./screens";
import { FIRST_JOB_MS, openPhoto, optimise } from "./studio";

const wide = { width: 1440, height: 900 };
const phone = { width: 375, height: 812 };

// Both sizes, languages and colour schemes; `npm run pictures` checks all eight combinations.
const settings = [
  { locale: "zh-CN", viewport: wide, colorScheme: "light" },
  { locale: "en-US", viewport: phone, colorScheme: "dark" },
] as const;

const widerThanScreen = (page: Page) =>
  page.evaluate("document.documentElement.scrollWidth - window.innerWidth");

let stock: Stock | null = null;

for (const { locale, viewport, colorScheme } of settings) {
  test(`no screen has barriers that can be measured, in ${locale}, ${viewport.width} px wide, ${colorScheme}`, async ({
    browser,
    page: free,
    baseURL,
  }) => {
    test.setTimeout(8 * FIRST_JOB_MS);
    const content = (stock ??= await stocked(free, baseURL ?? ""));
    const isPhone = viewport === phone;
    const context = await browser.newContext({
      ...{ baseURL: baseURL ?? "", locale, viewport, colorScheme, hasTouch: isPhone },
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    for (const screen of screens) {
      await test.step(screen.name, async () => {
        await visit(screen, { page, stock: content, isPhone });
        expect.soft(await violations(page), screen.name).toEqual([]);
        expect.soft(await widerThanScreen(page), `${screen.name} scrolls sideways`).toBeLessThanOrEqual(0);
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
    expect(await widerThanScreen(page), `${width} scrolls sideways`).toBeLessThanOrEqual(0);
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
