import { expect, test, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { FIRST_JOB_MS, photo } from "./studio";

test.use({ locale: "en-US" });

const shipped = async (name: string) => ({
  name: `${name}.jpg`,
  mimeType: "image/jpeg",
  buffer: await readFile(photo(name)),
});

const pairs = (page: Page) => page.getByRole("listbox", { name: "Photos and results" }).getByRole("option");

test("a batch goes on after a reload, is decided on by keys, and leaves as one archive", async ({ page }) => {
  test.setTimeout(4 * FIRST_JOB_MS);
  const streams = new Set<string>();
  const sent: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() === "POST" && pathname === "/edit")
      sent.push(request.headers()["idempotency-key"] ?? "");
    if (pathname.startsWith("/stream/")) streams.add(pathname);
  });

  await page.goto("/batches");
  await page
    .getByTestId("photo-picker")
    .setInputFiles([
      await shipped("watch"),
      await shipped("t-shirt"),
      { name: "notes.jpg", mimeType: "image/jpeg", buffer: Buffer.from("just some notes") },
      await shipped("mug"),
    ]);
  await expect(page.getByText("Looks like text, which is no photo.")).toBeVisible();
  await page.getByRole("button", { name: "Start 3 photos" }).click();
  await expect(pairs(page)).toHaveCount(4);
  await expect(page.getByText(/1 failed/)).toBeVisible();
  await page.reload();

  await expect(pairs(page)).toHaveCount(4);
  await expect(page.locator("main").getByText("3 of 4 done")).toBeVisible({ timeout: 2 * FIRST_JOB_MS });
  await expect(page.locator("main").getByText("all done")).toBeVisible();
  expect(new Set(sent).size).toBe(3);

  // Selected is whichever was ready first.
  await pairs(page).first().click();
  await expect(pairs(page).first()).toHaveAttribute("aria-selected", "true");
  await page.locator("body").press("a");
  await expect(page.getByRole("option", { name: /^watch, Adopted/ })).toBeVisible();
  await expect(pairs(page).nth(1)).toHaveAttribute("aria-selected", "true");
  await page.locator("body").press("s");
  await expect(page.getByRole("option", { name: /^t-shirt, Skipped/ })).toBeVisible();
  await expect(pairs(page).nth(3)).toHaveAttribute("aria-selected", "true");
  await page.locator("body").press("a");
  await page.locator("body").press("ArrowLeft");
  await expect(pairs(page).nth(2)).toHaveAttribute("aria-selected", "true");

  const archive = page.waitForEvent("download", { timeout: 60_000 });
  await page.getByRole("button", { name: "Export the 2 adopted" }).click();
  const path = await (await archive).path();
  expect((await readFile(path)).subarray(0, 2).toString()).toBe("PK");

  await page.getByRole("button", { name: "New batch" }).click();
  await expect(page.getByRole("heading", { name: "Many photos, one recipe" })).toBeVisible();
});

test("several photos dropped at home are products first, and may become a batch", async ({ page }) => {
  await page.goto("/");
  await page.getByTestId("photo-picker").setInputFiles([photo("perfume"), photo("toy-car")]);
  await expect(page.getByText("2 photos are now a product each.")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Do them as a batch" }).click();
  await expect(page).toHaveURL(/\/batches$/);
  await expect(page.getByRole("button", { name: "Start 2 photos" })).toBeVisible();
  await page.getByRole("button", { name: "Remove toy-car" }).click();
  await expect(page.getByRole("button", { name: "Start 1 photo" })).toBeVisible();
});

test("a second tab shows what the first one does, and takes over when that is closed", async ({
  page,
  context,
}) => {
  await page.goto("/batches");
  await page.getByTestId("photo-picker").setInputFiles(photo("watch"));
  await expect(page.getByRole("button", { name: "Start 1 photo" })).toBeEnabled();

  const second = await context.newPage();
  await second.goto("/batches");
  const told = second.getByText("Another tab is working through this batch; here it is shown only.");
  await expect(told).toBeVisible();
  await expect(second.getByRole("button", { name: "Start 1 photo" })).toBeDisabled();
  await page.getByTestId("photo-picker").setInputFiles(photo("mug"));
  await expect(second.getByRole("button", { name: "Start 2 photos" })).toBeDisabled();

  await page.close();
  await expect(second.getByRole("button", { name: "Start 2 photos" })).toBeEnabled();
  await expect(told).toHaveCount(0);
});
