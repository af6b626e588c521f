/** What one tab begins, the others name at once. */
import { expect, test } from "@playwright/test";
import { openPhoto } from "./studio.ts";

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
