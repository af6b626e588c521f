/** What is seen while a job runs. A slow store keeps it under way for as long as the tests look. */
import { expect, test as base } from "@playwright/test";
import { Studio } from "./server";
import { candidates, FIRST_JOB_MS, openPhoto, slots } from "./studio";

const test = base.extend<object, { studio: Studio }>({
  studio: [
    // eslint-disable-next-line no-empty-pattern -- how a fixture says that it needs no other
    async ({}, use) => {
      const studio = new Studio({ STILLROOM_FAULTS: "storage.put=slow:1" });
      await studio.start();
      await use(studio);
      await studio.remove();
    },
    { scope: "worker", timeout: 90_000 },
  ],
  baseURL: ({ studio }, use) => use(studio.url),
});

test.use({ locale: "en-US" });

test("a job that begins in one tab is named in another without a wait", async ({ context, page }) => {
  test.setTimeout(120_000);
  await openPhoto(page, "mug");
  const other = await context.newPage();
  await other.goto("/settings");
  // The list was looked at, and will not be soon again.
  await other.waitForResponse((answer) => answer.url().includes("/job?status=queued"));
  await page.getByRole("button", { name: "Optimise", exact: true }).click();
  await expect(other.getByRole("banner").getByRole("link", { name: /mug/ })).toBeVisible({ timeout: 5_000 });
});

test("a run that begins has the focus of the button it took away, and leaves it in the panel", async ({
  page,
}) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  await page.getByRole("button", { name: "Optimise" }).press("Enter");
  await expect(page.getByRole("heading", { level: 2, name: "Optimise" })).toBeFocused();
  await expect(candidates(page)).toHaveCount(3, { timeout: FIRST_JOB_MS });
  await expect(page.getByRole("button", { name: "Stop the rest" })).toHaveCount(0);
  await expect(page.getByRole("complementary", { name: "What to do" })).toBeFocused();

  await page.getByRole("button", { name: "Start over from the photo" }).press("Enter");
  await expect(page.getByRole("button", { name: "Optimise" })).toBeFocused();
});

test("a page reloaded in the middle of a job goes on with it", async ({ page }) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "headphones");
  await page.getByRole("button", { name: "Optimise" }).click();
  await expect(page.getByRole("button", { name: "Stop the rest" })).toBeVisible();
  await page.reload();
  await expect(candidates(page)).toHaveCount(3, { timeout: FIRST_JOB_MS });
  await expect(slots(page)).toHaveCount(3);
  await expect(page.getByRole("button", { name: "Stop the rest" })).toHaveCount(0);
});
