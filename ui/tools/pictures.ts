/** Writes every screen in both widths, languages and themes to `/screenshots`, and names barriers that axe finds. */
import { expect, test } from "@playwright/test";
import { resolve } from "node:path";
import { stocked, type Stock } from "../tests/browser/stock.ts";
import { screens, violations, visit } from "../tests/browser/screens.ts";

const folder = resolve(import.meta.dirname, "../../screenshots");
const widths = { wide: { width: 1440, height: 900 }, phone: { width: 375, height: 812 } };
/** Made once, by the first picture that needs it. */
let stock: Stock | null = null;

for (const [language, locale] of Object.entries({ zh: "zh-CN", en: "en-US" })) {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [size, viewport] of Object.entries(widths)) {
      test(`${size}, ${language}, ${colorScheme}`, async ({ browser, page, baseURL }) => {
        const content = (stock ??= await stocked(page, baseURL ?? ""));
        const isPhone = size === "phone";
        const settings = { baseURL: baseURL ?? "", viewport, locale, colorScheme, hasTouch: isPhone };
        const context = await browser.newContext({ ...settings, reducedMotion: "reduce" });
        const own = await context.newPage();
        for (const screen of screens) {
          await test.step(screen.name, async () => {
            await visit(screen, { page: own, stock: content, isPhone });
            // Debounced requests, and pictures that develop.
            await own.waitForTimeout(1500);
            const path = resolve(folder, `${screen.name}-${viewport.width}-${language}-${colorScheme}.png`);
            await own.screenshot({ path });
            expect.soft(await violations(own), screen.name).toEqual([]);
          });
        }
        await context.close();
      });
    }
  }
}
