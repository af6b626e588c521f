import { expect, test, type Page } from "@playwright/test";
import { FIRST_JOB_MS, openPhoto, optimise } from "./studio";

test.use({ locale: "en-US" });

const stage = (page: Page) => page.getByRole("main", { name: "Picture" });
const photoFacts = (page: Page) => stage(page).getByText(/^Photo · \d+ × \d+/);

test("a finger that rests on the picture shows the photo, and lifting brings the picture back", async ({
  browser,
  baseURL,
}) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  const context = await browser.newContext({
    baseURL: baseURL ?? "",
    locale: "en-US",
    viewport: { width: 768, height: 1024 },
    hasTouch: true,
  });
  const page = await context.newPage();
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  const frame = await stage(page).boundingBox();
  if (!frame) throw new Error("no stage");
  const touch = await context.newCDPSession(page);
  const touchPoints = [{ x: frame.x + frame.width / 2, y: frame.y + frame.height / 3 }];
  for (const end of ["touchEnd", "touchCancel"] as const) {
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
    await expect(photoFacts(page)).toBeVisible();
    await touch.send("Input.dispatchTouchEvent", { type: end, touchPoints: [] });
    await expect(photoFacts(page)).toHaveCount(0);
    await expect(page.getByRole("slider")).toBeVisible();
  }
  await context.close();
});

test("the key held to see the photo is let go when the window is left", async ({ page }) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  await page.keyboard.down("\\");
  await expect(photoFacts(page)).toBeVisible();
  await page.evaluate(() => window.dispatchEvent(new Event("blur")));
  await expect(photoFacts(page)).toHaveCount(0);
});
