import { expect, test } from "@playwright/test";
import { candidates, FIRST_JOB_MS, openPhoto } from "./studio";

test.use({ locale: "en-US" });

test("a lost stream is told of, and the job is followed again once it is back", async ({ page }) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "t-shirt");
  let cut = true;
  await page.route("**/stream/**", (route) => (cut ? route.abort("connectionrefused") : route.continue()));
  await page.route("**/job/**", (route) => (cut ? route.abort("connectionrefused") : route.continue()));
  await page.getByRole("button", { name: "Optimise" }).click();
  await expect(page.getByText("Reconnecting; the job goes on")).toBeVisible({ timeout: 40_000 });
  cut = false;
  await expect(candidates(page)).toHaveCount(3, { timeout: FIRST_JOB_MS });
});

test("an address that is not there leads back to the products", async ({ page }) => {
  await page.goto("/studio/ses_00000000000000000000000000");
  await expect(page.getByRole("heading", { name: "Not found; it may have been deleted" })).toBeVisible();
  await page.getByRole("link", { name: "Back to products" }).click();
  await expect(page).toHaveURL(/\/$/);
});

test("a product that could not be loaded is asked for again by a button, and the products stay in reach", async ({
  page,
}) => {
  await page.route("**/session/ses_*", (route) =>
    route.fulfill({ status: 500, json: { code: "E_INTERNAL", title: "", status: 500, params: {} } }),
  );
  await page.goto("/studio/ses_00000000000000000000000000");
  await expect(page.getByRole("heading", { name: "This page could not be loaded" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Back to products" })).toBeVisible();
  await page.unroute("**/session/ses_*");
  await page.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("heading", { name: "Not found; it may have been deleted" })).toBeVisible();
});

test("a part of the page that did not load is loaded as soon as the server answers", async ({ page }) => {
  await page.goto("/");
  const lost = /\/(health|assets\/settings-page.*)$/;
  await page.route(lost, (route) => route.abort("connectionrefused"));
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { name: "This part of the page broke" })).toBeVisible();
  await page.getByRole("button", { name: "Reload" }).click();
  await expect(page.getByText("The server does not answer")).toBeVisible();
  await page.unroute(lost);
  await expect(page.getByRole("heading", { name: "Models" })).toBeVisible();
});

test("on a phone the offline notice stays in sight while one types, and leaves the field free", async ({
  browser,
}) => {
  const viewport = { width: 375, height: 667 };
  const context = await browser.newContext({ hasTouch: true, isMobile: true, viewport });
  const page = await context.newPage();
  await openPhoto(page, "mug");
  const field = page.getByLabel("What background");
  await field.tap();
  await context.setOffline(true);
  const notice = page.getByText("Offline; continues by itself");
  await expect(notice).toBeInViewport();
  await field.pressSequentially("oak table");
  expect(await page.evaluate("window.scrollY")).toBeGreaterThan(0);
  const shown = await notice.evaluate((line) => {
    const { left, top, width, height } = line.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, top + height / 2) === line;
  });
  expect(shown, "nothing covers the notice").toBe(true);
  const [line, bar] = await Promise.all([notice.boundingBox(), page.locator("header").first().boundingBox()]);
  expect(bar?.y).toBeGreaterThanOrEqual((line?.y ?? 0) + (line?.height ?? 0));
  const box = await field.boundingBox();
  expect(box?.y).toBeGreaterThanOrEqual((bar?.y ?? 0) + (bar?.height ?? 0));
  await context.close();
});
