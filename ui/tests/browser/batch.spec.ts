import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { FIRST_JOB_MS, photo, UPLOAD_MS } from "./studio";

test.use({ locale: "en-US" });

const shipped = async (name: string) => ({
  name: `${name}.jpg`,
  mimeType: "image/jpeg",
  buffer: await readFile(photo(name)),
});

const pairs = (page: Page) => page.getByRole("listbox", { name: "Photos and results" }).getByRole("option");

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
}

test("a batch is put together with a table, runs without the page, is decided on by keys and leaves as an archive", async ({
  page,
}) => {
  test.setTimeout(4 * FIRST_JOB_MS);
  await page.goto("/batches/new");
  await page
    .getByTestId("photo-picker")
    .setInputFiles([
      await shipped("watch"),
      { name: "notes.jpg", mimeType: "image/jpeg", buffer: Buffer.from("just some notes") },
      await shipped("mug"),
    ]);
  await expect(page.getByText("This is text, not a photo.")).toBeVisible();
  const table = "file,sku,title\nmug.jpg,M-1,Blue mug\ngone.jpg,X-1,Gone\n";
  await page
    .getByTestId("table-picker")
    .setInputFiles({ name: "t.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
  await expect(page.getByText("1 of 2 rows used")).toBeVisible();
  await expect(page.getByText("Row 3, gone.jpg: no such photo here")).toBeVisible();
  await page.getByRole("checkbox").first().check();
  await expect(page.getByText(/^2 pictures/)).toBeVisible();
  await page.getByLabel("Other requests").fill("warmer, add a cat");
  await expect(page.getByText("Part of the request cannot be carried out for 2 photos:")).toBeVisible();
  await page.getByLabel("Other requests").fill("");

  // Photos, table and recipe are there again after a reload.
  await page.reload();
  await expect(page.getByRole("button", { name: "Remove Blue mug" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: /^Start 2 photos/ }).click();
  await page.waitForURL(/\/batches\/bat_/);
  const address = page.url();
  await page.goto("about:blank");
  const done = async () => {
    const answer = await page.request.get(address.replace("/batches/", "/batch/"));
    return ((await answer.json()) as { status: string }).status;
  };
  await expect.poll(done, { timeout: 2 * FIRST_JOB_MS, intervals: [1000] }).toBe("finished");

  await page.goto(address);
  await expect(pairs(page)).toHaveCount(2);
  await pairs(page).nth(1).click();
  await expect(page.getByRole("heading", { name: "Blue mug" })).toBeVisible();
  await expect(page.getByRole("region", { name: "File checks" })).toBeVisible();
  await expectAccessible(page);

  // A repaired cut-out gives the item another picture, and the rule judges it anew.
  const picture = async () => {
    const answer = await page.request.get(`${address.replace("/batches/", "/batch/")}/item`);
    return ((await answer.json()) as { items: { variant_id: string }[] }).items[1]?.variant_id;
  };
  const before = await picture();
  await page.getByRole("button", { name: "Fix the cut-out" }).click();
  const fixing = page.getByRole("dialog", { name: "Fix the cut-out" });
  await fixing.getByRole("slider", { name: "Grow the edge" }).fill("2");
  await fixing.getByRole("button", { name: "Use this cut-out" }).click();
  await expect(fixing).toHaveCount(0);
  await expect(page.getByText("Made again with the new cut-out", { exact: true })).toBeVisible({
    timeout: FIRST_JOB_MS,
  });
  expect(await picture()).not.toBe(before);

  await page.locator("body").press("r");
  await expect(page.getByRole("option", { name: "Blue mug, Rejected" })).toBeVisible();
  await page.locator("body").press("z");
  await expect(page.getByRole("option", { name: "Blue mug, Rejected" })).toHaveCount(0);
  await pairs(page).nth(1).click();
  await page.locator("body").press("a");
  await expect(page.getByRole("option", { name: "Blue mug, Approved" })).toBeVisible();
  await page.getByRole("button", { name: "Approved 1", exact: true }).click();
  await expect(pairs(page)).toHaveCount(1);

  const archive = page.waitForEvent("download", { timeout: 60_000 });
  await page.getByRole("button", { name: /^Download 1 photo/ }).click();
  const path = await (await archive).path();
  expect((await readFile(path)).subarray(0, 2).toString()).toBe("PK");

  // On a phone the downloads stay in view beside the photos.
  await page.setViewportSize({ width: 375, height: 520 });
  await expect(page.getByRole("button", { name: /^Download 1 photo/ })).toBeInViewport({ ratio: 1 });
});

test("products of the library are done as a batch without being doubled", async ({ page }) => {
  await page.goto("/");
  await page.getByTestId("photo-picker").setInputFiles([photo("perfume"), photo("toy-car")]);
  await expect(page.getByText("2 photos are now separate products.")).toBeVisible({ timeout: UPLOAD_MS });
  await page.getByRole("button", { name: "Process as a batch" }).click();
  await page.waitForURL(/\/batches\/new$/);
  await page.getByRole("button", { name: "Remove toy-car" }).click();
  await page.getByRole("button", { name: /^Start 1 photo/ }).click();
  await page.waitForURL(/\/batches\/bat_/);
  const items = (await (
    await page.request.get(`${page.url().replace("/batches/", "/batch/")}/item`)
  ).json()) as { items: { session_id: string | null }[] };
  expect(items.items[0]?.session_id).toMatch(/^ses_/);
});

test("a recipe is saved while a batch is put together, renamed and deleted", async ({ page }) => {
  await page.goto("/batches/new");
  await page.getByRole("button", { name: "Save as recipe" }).click();
  await page.getByLabel("Recipe name").fill("Spring");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("combobox", { name: "What to do" })).toHaveValue(/^rcp_/);
  await page.goto("/batches");
  await page.getByRole("button", { name: "Actions for Spring" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Summer");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Actions for Summer" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("Summer")).toHaveCount(0);
});

test("what passed is approved at once and taken back, by touch too, and one photo is made again with other words", async ({
  browser,
  page,
}) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  const upload = await page.request.post("/upload", { multipart: { file: await shipped("t-shirt") } });
  const { id: image_id } = (await upload.json()) as { id: string };
  const items = ["front", "back"].map((title) => ({ image_id, title }));
  const recipe = { name: "", operation: "optimize", candidates: 1, presets: [], approve_from: 0 };
  const made = await page.request.post("/batch", { data: { name: "Shirts", recipe, items } });
  const { id } = (await made.json()) as { id: string };
  await page.goto(`/batches/${id}`);
  await page.getByRole("button", { name: "Approve the 2 that passed" }).click({ timeout: FIRST_JOB_MS });
  await expect(page.getByRole("option", { name: /, Approved$/ })).toHaveCount(2);
  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("option", { name: /, Passed$/ })).toHaveCount(2);
  await page.getByRole("button", { name: "Approve the 2 that passed" }).click();
  await expect(page.getByRole("status").getByText("2 approved")).toBeVisible();
  await page.keyboard.press("z");
  await expect(page.getByRole("status").getByText("Undone")).toBeVisible();
  await expect(page.getByText("2 approved")).toHaveCount(0);
  await expect(page.getByRole("option", { name: /, Passed$/ })).toHaveCount(2);

  await page.getByRole("option", { name: /^back/ }).click();
  await page.getByRole("button", { name: "Change the request" }).click();
  await page.getByLabel("Request for this photo").fill("qqq zzz xxx");
  await page.getByRole("button", { name: "Make it again" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "qqq zzz xxx" })).toBeVisible();
  await page.getByLabel("Request for this photo").fill("a bit warmer");
  await page.getByRole("button", { name: "Make it again" }).click();
  await expect(page.getByText("Asked for: “a bit warmer”")).toBeVisible();
  await expectAccessible(page);
  await expect(page.getByRole("option", { name: "back, Passed" })).toBeVisible({ timeout: FIRST_JOB_MS });

  const phone = await browser.newPage({
    viewport: { width: 375, height: 667 },
    hasTouch: true,
    locale: "en-US",
  });
  await phone.goto(page.url());
  await pairs(phone).first().tap();
  await phone.getByRole("dialog").getByRole("button", { name: "Approve", exact: true }).tap();
  await phone.getByRole("dialog").getByRole("button", { name: "Close" }).tap();
  await expect(phone.getByRole("option", { name: "front, Approved" })).toBeVisible();
  await phone.close();
});
