import { expect, test, type Page } from "@playwright/test";
import { FIRST_JOB_MS, openPhoto } from "./studio";

test.use({ locale: "en-US" });

const dialog = (page: Page) => page.getByRole("dialog", { name: "Fix the cut-out" });

async function settled(page: Page): Promise<void> {
  const note = dialog(page).getByText("Used for every picture from now on.");
  await expect(note).toBeVisible({ timeout: FIRST_JOB_MS });
}

test("a cut-out is corrected by brush and by keys, undone, kept, and given back", async ({ page }) => {
  test.setTimeout(3 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  const session = page.url().split("/").at(-1) ?? "";
  const kept = async () =>
    (await (await page.request.get(`/session/${session}/matte`)).json()) as {
      correction: { strokes: { mode: string }[] } | null;
    };

  await page.getByRole("button", { name: "Fix the cut-out" }).click();
  await settled(page);
  const save = dialog(page).getByRole("button", { name: "Use this cut-out" });
  await expect(save).toBeDisabled();

  const canvas = dialog(page).getByRole("application");
  const box = await canvas.boundingBox();
  if (!box) throw new Error("no canvas");
  const stroke = async (y: number) => {
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * y, { steps: 6 });
    await page.mouse.up();
  };
  await stroke(0.2);
  await stroke(0.3);
  await page.keyboard.press("Control+z");
  await dialog(page).getByText("Remove", { exact: true }).click();
  await canvas.focus();
  await canvas.press("ArrowRight");
  await canvas.press("Enter");
  await settled(page);
  await save.click();
  await expect(dialog(page)).toHaveCount(0);
  expect((await kept()).correction?.strokes.map(({ mode }) => mode)).toEqual(["add", "remove"]);

  await page.locator("body").press("m");
  await settled(page);
  await dialog(page).getByRole("button", { name: "Back to automatic" }).click();
  await expect(dialog(page)).toHaveCount(0);
  expect((await kept()).correction).toBeNull();
});
