import { expect, test, type Page } from "@playwright/test";
import { FIRST_JOB_MS, openPhoto, optimise } from "./studio";

test.use({ locale: "en-US" });

const centre = async (locator: ReturnType<Page["locator"]>) => {
  const box = await locator.boundingBox();
  if (!box) throw new Error("not on the page");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

test("a dialog gives the focus back, and only a press that began outside it closes it", async ({ page }) => {
  await openPhoto(page, "mug");
  const rename = page.getByRole("button", { name: "Rename" });
  const dialog = page.getByRole("dialog", { name: "Rename the product" });
  await rename.press("Enter");
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(rename).toBeFocused();

  await rename.press("Enter");
  const field = dialog.getByRole("textbox");
  const { x, y } = await centre(field);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(4, 4, { steps: 4 });
  await page.mouse.up();
  await expect(dialog).toBeVisible();
  await page.mouse.click(4, 4);
  await expect(dialog).toHaveCount(0);
  await expect(rename).toBeFocused();
});

test("what a sheet says can be undone is undone in it", async ({ page }) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  await page.setViewportSize({ width: 375, height: 812 });
  await page.getByRole("button", { name: /requests? kept/ }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("button", { name: "Add a request" }).click();
  await sheet.getByRole("textbox").fill("warmer");
  await page.keyboard.press("Enter");
  await sheet.getByRole("button", { name: "Remove “warmer”" }).click();
  await expect(sheet.getByText("“warmer” removed")).toBeVisible();
  await sheet.getByRole("button", { name: "Undo" }).click();
  await expect(sheet.getByRole("button", { name: "Remove “warmer”" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
});
