import { expect, test, type Page } from "@playwright/test";
import { candidates, FIRST_JOB_MS, openPhoto, optimise } from "./studio";

test.use({ locale: "en-US" });

const stage = (page: Page) => page.getByRole("main", { name: "Picture" });

test("the question mark lists the keys, and Z shows a picture's own pixels where the pointer is", async ({
  page,
}) => {
  await openPhoto(page, "mug");
  await expect(page.getByRole("button", { name: "Optimise" })).toBeVisible();
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard" });
  await expect(list.getByText("Hold to see the photo")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(list).toHaveCount(0);

  const picture = stage(page).getByRole("img", { name: "Your photo" });
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
  const fitted = await picture.boundingBox();
  if (!fitted) throw new Error("no picture");
  const [u, v] = [0.3, 0.7];
  const [x, y] = [fitted.x + u * fitted.width, fitted.y + v * fitted.height];
  await page.mouse.move(x, y);
  await page.keyboard.press("z");
  await expect(stage(page).getByText("100%", { exact: true })).toBeVisible();
  const close = await picture.boundingBox();
  if (!close) throw new Error("no picture");
  expect(Math.abs(close.x + u * close.width - x)).toBeLessThan(2);
  expect(Math.abs(close.y + v * close.height - y)).toBeLessThan(2);
});

test("pictures that did not come while the server was away come by themselves, and meanwhile that is told", async ({
  page,
}) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  let away = true;
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  await page.route("**/image/**", (route) => (away ? route.abort("connectionrefused") : route.continue()));
  await page.reload();
  await expect(stage(page).getByText("The picture did not load; trying again")).toBeVisible();
  await expect(candidates(page).first().getByText("The picture did not load; trying again")).toBeAttached();
  away = false;
  await expect(page.getByText("The picture did not load; trying again")).toHaveCount(0, { timeout: 20_000 });
  const seen = page.locator("main img, [role=option] img");
  const empty = () =>
    seen.evaluateAll((all) =>
      all
        .filter((one) => one instanceof HTMLImageElement && one.naturalWidth === 0)
        .map((one) => one.outerHTML),
    );
  await expect.poll(empty).toEqual([]);
});
