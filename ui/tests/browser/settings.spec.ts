import { expect, test } from "@playwright/test";
import { photo, UPLOAD_MS } from "./studio";

test.use({ locale: "en-US" });

test("deleting everything is stopped by its button, and says how many went", async ({ page }) => {
  await page.goto("/");
  await page.getByTestId("photo-picker").setInputFiles([photo("watch"), photo("mug"), photo("t-shirt")]);
  await expect(page.getByText("3 photos are now separate products.")).toBeVisible({ timeout: UPLOAD_MS });
  const count = async () => {
    const list = (await (await page.request.get("/session?limit=100")).json()) as { items: unknown[] };
    return list.items.length;
  };
  const before = await count();

  let goOn = () => undefined as unknown;
  const held = new Promise((done) => (goOn = () => done(null)));
  await page.route("**/session/*", async (route) => {
    if (route.request().method() === "DELETE") await held;
    await route.continue();
  });
  await page.goto("/settings");
  await expect(page).toHaveTitle("Settings · Stillroom");
  await page.getByRole("button", { name: "Delete everything" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete everything" });
  await dialog.getByRole("textbox").fill("DELETE");
  const first = page.waitForRequest((request) => request.method() === "DELETE");
  await dialog.getByRole("button", { name: "Delete everything" }).click();
  await first;
  await dialog.getByRole("button", { name: "Stop" }).click();
  goOn();
  await expect(dialog.getByText("Stopped; 1 product deleted, the rest are still there.")).toBeVisible();
  expect(await count()).toBe(before - 1);
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(dialog).toHaveCount(0);
});

test("a button of the settings does not move away from under the pointer when rows come late", async ({
  page,
}) => {
  let goOn = () => undefined as unknown;
  const held = new Promise((done) => (goOn = () => done(null)));
  await page.route(/\/(config|usage|webhook|export)(\?|$)/, async (route) => {
    // Last of all what stands first.
    if (route.request().url().includes("/config")) await held;
    await route.continue();
  });
  await page.goto("/settings");
  await expect(page.getByRole("heading", { name: "Defaults" })).toBeVisible();
  // Pictures that have arrived are drawn.
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
  const control = await page.locator("main").locator("button, input, select").last().elementHandle();
  await control.scrollIntoViewIfNeeded();
  const before = await control.boundingBox();
  goOn();
  await expect(page.getByText(/^Stillroom \d/)).toBeVisible();
  expect(await control.boundingBox()).toEqual(before);
});

test("a day on which a model ends is the same everywhere", async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    baseURL: baseURL ?? "",
    locale: "en-US",
    timezoneId: "America/Los_Angeles",
  });
  const page = await context.newPage();
  await page.route("**/config", async (route) => {
    const answer = await route.fetch();
    const config = (await answer.json()) as { providers: { models: { shuts_down_on: string | null }[] }[] };
    for (const { models } of config.providers) for (const model of models) model.shuts_down_on = "2027-03-01";
    await route.fulfill({ response: answer, json: config });
  });
  await page.goto("/settings");
  await expect(page.getByText("until Mar 1, 2027").first()).toBeVisible();
  await context.close();
});
