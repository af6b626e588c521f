/** What is seen while a job runs. A slow store keeps it under way for as long as the tests look. */
import { expect, test as base } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { Studio } from "./server";
import { candidates, FIRST_JOB_MS, openPhoto, photo, slots } from "./studio";

const test = base.extend<object, { studio: Studio }>({
  studio: [
    // oxlint-disable-next-line no-empty-pattern -- how a fixture says that it needs no other
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
  const looked = other.waitForResponse((answer) => answer.url().includes("/job?status=queued"));
  await other.goto("/settings");
  await looked;
  await page.getByRole("button", { name: "Optimise", exact: true }).click();
  // Sooner than the next look at the list, which comes every 15 seconds.
  await expect(other.getByRole("banner").getByRole("link", { name: /mug/ })).toBeVisible({
    timeout: 12_000,
  });
});

test("a run that begins has the focus of the button it took away, and leaves it in the panel", async ({
  page,
}) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  await page.getByRole("button", { name: "Optimise" }).press("Enter");
  await expect(page.getByRole("heading", { level: 2, name: "Optimise" })).toBeFocused();
  await expect(candidates(page)).toHaveCount(3, { timeout: FIRST_JOB_MS });
  await expect(page.getByRole("button", { name: /^Stop/ })).toHaveCount(0);
  await expect(page.getByRole("complementary", { name: "What to do" })).toBeFocused();

  await page.getByRole("button", { name: "Start over from the photo" }).press("Enter");
  await expect(page.getByRole("button", { name: "Optimise" })).toBeFocused();
});

test("a page reloaded in the middle of a job goes on with it", async ({ page }) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "headphones");
  await page.getByRole("button", { name: "Optimise" }).click();
  await expect(page.getByRole("button", { name: /^Stop/ })).toBeVisible();
  await page.reload();
  await expect(candidates(page)).toHaveCount(3, { timeout: FIRST_JOB_MS });
  await expect(slots(page)).toHaveCount(3);
  await expect(page.getByRole("button", { name: /^Stop/ })).toHaveCount(0);
});

test("a batch is cancelled on its page", async ({ page }) => {
  const upload = await page.request.post("/upload", {
    multipart: { file: { name: "mug.jpg", mimeType: "image/jpeg", buffer: await readFile(photo("mug")) } },
  });
  const { id: image_id } = (await upload.json()) as { id: string };
  const recipe = { name: "", operation: "optimize", candidates: 4, presets: [] };
  const items = Array.from({ length: 6 }, (_, at) => ({ image_id, title: `photo ${at}` }));
  const made = await page.request.post("/batch", { data: { name: "Mugs", recipe, items } });
  const { id } = (await made.json()) as { id: string };
  await page.goto(`/batches/${id}`);
  await page.getByRole("button", { name: "Cancel the batch" }).click();
  await expect(page.getByText("Cancelled", { exact: true }).first()).toBeVisible();
});
