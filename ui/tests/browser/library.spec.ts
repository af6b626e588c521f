import { expect, test } from "@playwright/test";
import { openPhoto, photo, UPLOAD_MS } from "./studio";

test.use({ locale: "en-US" });

test("a name that could not be saved is told and can be sent again", async ({ page }) => {
  await page.goto("/");
  await page.getByTestId("photo-picker").setInputFiles([photo("watch"), photo("mug")]);
  await expect(page.getByText("2 photos are now separate products.")).toBeVisible({ timeout: UPLOAD_MS });
  await page.route("**/session/*", (route) =>
    route.request().method() === "PATCH" ? route.abort() : route.continue(),
  );
  await page.getByRole("button", { name: "More for watch" }).first().click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Chronograph");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/The server did not answer/)).toBeVisible();
  await page.unroute("**/session/*");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("link", { name: "Open Chronograph" })).toBeVisible();
  // The name opens the product as its picture does.
  await page.getByText("Chronograph", { exact: true }).click();
  await page.waitForURL(/\/studio\/ses_/);
});

test("a product can be deleted although its exports cannot be counted", async ({ page }) => {
  await page.goto("/");
  await page.getByTestId("photo-picker").setInputFiles([photo("perfume"), photo("mug")]);
  await expect(page.getByText("2 photos are now separate products.")).toBeVisible({ timeout: UPLOAD_MS });
  await page.route("**/session?*", async (route) => {
    const answer = await route.fetch();
    const list = (await answer.json()) as { items: { title: string; variants: object[] }[] };
    for (const item of list.items) if (item.title === "perfume") item.variants = [{ id: "var_1" }];
    await route.fulfill({ response: answer, json: list });
  });
  await page.route("**/export?*", (route) => route.fulfill({ status: 500, body: "" }));
  await page.reload();
  await page.getByRole("button", { name: "More for perfume" }).first().click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText(/and all exports go with it/)).toBeVisible({ timeout: 30_000 });
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(dialog).toHaveCount(0);
});

test("a sample that does not come says so", async ({ page }) => {
  await page.route("**/samples/mug.jpg", (route) => route.abort());
  await page.goto("/");
  const samples = page.getByRole("button", { name: "Mug", exact: true });
  // With products there are samples on a phone alone.
  await page.setViewportSize({ width: 390, height: 800 });
  await samples.click();
  await expect(page.getByRole("alert").filter({ hasText: "The server did not answer" })).toBeVisible();
  await page.unroute("**/samples/mug.jpg");
  await samples.click();
  await page.waitForURL(/\/studio\/ses_/);
});

test("a list that does not come shows no places for products that would never fill", async ({ page }) => {
  await openPhoto(page, "mug");
  await page.goto("/");
  await expect(page.getByRole("link", { name: "Open mug" }).first()).toBeVisible();
  await page.route(/\/session\?/, (route) =>
    route.fulfill({ status: 500, json: { code: "E_INTERNAL", title: "", status: 500, params: {} } }),
  );
  await page.reload();
  const shelf = page.getByRole("region", { name: "Products" });
  await expect(shelf.getByRole("alert")).toContainText("The list could not be refreshed");
  await expect(page.locator("main li[aria-hidden=true]")).toHaveCount(0);
});
