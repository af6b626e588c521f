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
