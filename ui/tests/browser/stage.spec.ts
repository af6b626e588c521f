import { expect, test, type Locator, type Page } from "@playwright/test";
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

test("from close by, a drag moves the view and not the product, until a click has selected it", async ({
  page,
}) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  const product = page.getByRole("button", { name: /^Product:/ });
  const middleOf = async (locator: Locator) => {
    const box = await locator.boundingBox();
    if (!box) throw new Error("no box");
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const start = await middleOf(product);
  const drag = async () => {
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move(start.x - 60, start.y - 30, { steps: 5 });
  };
  await page.mouse.move(start.x, start.y);
  // Closer than its own pixels, so that there is room to move in.
  for (const key of ["z", "+", "+"]) await page.keyboard.press(key);
  await expect(stage(page).getByText("156%", { exact: true })).toBeVisible();
  const picture = stage(page).getByRole("img").first();
  const before = await middleOf(picture);
  await drag();
  await page.mouse.up();
  await expect.poll(async () => Math.round((await middleOf(picture)).x - before.x)).toBe(-60);
  await expect(product).toHaveAttribute("aria-pressed", "false");

  await page.mouse.click(start.x, start.y);
  await expect(product).toHaveAttribute("aria-pressed", "true");
  const panned = await middleOf(picture);
  const turn = page.waitForRequest("**/refine");
  await drag();
  await page.mouse.up();
  expect((await turn).postDataJSON()).toMatchObject({ changes: { framing: {} } });
  expect(await middleOf(picture)).toEqual(panned);
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
  await expect(page.getByText("The picture did not load; trying again")).toHaveCount(0, { timeout: 40_000 });
  const seen = page.locator("main img, [role=option] img");
  const empty = () =>
    seen.evaluateAll((all) =>
      all
        .filter((one) => one instanceof HTMLImageElement && one.naturalWidth === 0)
        .map((one) => one.outerHTML),
    );
  await expect.poll(empty).toEqual([]);
});

for (const [name, viewport] of Object.entries({
  "on a wide screen": { width: 1440, height: 900 },
  "on a phone": { width: 375, height: 812 },
})) {
  test(`${name} the picture does not move when a turn says what it did not do`, async ({ page }) => {
    test.setTimeout(2 * FIRST_JOB_MS);
    await page.setViewportSize(viewport);
    await openPhoto(page, "mug");
    await optimise(page, "Optimise");
    const picture = stage(page).getByRole("img").first();
    const before = await picture.boundingBox();
    const send = page.getByRole("button", { name: "Send", exact: true });
    const adopt = page.getByRole("button", { name: /^Use this/ });
    const filled = await adopt.evaluate((button) => getComputedStyle(button).backgroundColor);
    await page.getByLabel("Say what to change").fill("独角兽");
    await expect(send).toHaveCSS("background-color", filled);
    await expect(adopt).not.toHaveCSS("background-color", filled);
    await page.keyboard.press("Control+Enter");
    await expect(page.getByRole("alert").filter({ hasText: "Not understood" })).toBeInViewport({ ratio: 1 });
    await expect(send).toBeInViewport({ ratio: 1 });
    await page.getByLabel("Say what to change").fill("add a green leaf, warmer");
    await page.keyboard.press("Control+Enter");
    const banner = page.getByRole("alert").filter({ hasText: "add a green leaf" });
    await expect(banner).toBeInViewport();
    await expect(candidates(page)).toHaveCount(1, { timeout: FIRST_JOB_MS });
    await page.evaluate(() => scrollTo(0, 0));
    expect(await picture.boundingBox()).toEqual(before);
    await expect(page.getByLabel("Say what to change")).toBeInViewport();
    // A trial click fails on a control that something covers.
    await page.getByRole("button", { name: "Use this: 2.1" }).click({ trial: true });
    await candidates(page).click({ trial: true });
    await banner.getByRole("button", { name: "Close" }).click();
    await page.reload();
    await expect(candidates(page)).toHaveCount(1);
    await expect(banner).toHaveCount(0);
  });
}

test("on a phone the field, its reading and its chips stay above the button while one types", async ({
  browser,
}) => {
  const page = await browser.newPage({
    hasTouch: true,
    isMobile: true,
    viewport: { width: 375, height: 812 },
  });
  await openPhoto(page, "mug");
  const field = page.getByLabel("What background");
  await field.tap();
  await expect(page.getByLabel("Suggestions").getByRole("button").first()).toBeInViewport({ ratio: 1 });
  await field.pressSequentially("oak table");
  await expect(page.getByLabel("What these words change")).not.toBeEmpty();
  const footTop = async () =>
    (await page.getByRole("button", { name: /^Replace background/ }).boundingBox())?.y ?? 0;
  for (const part of [field, page.getByLabel("Suggestions").getByRole("button").first()]) {
    await expect(part).toBeInViewport({ ratio: 1 });
    const box = await part.boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(await footTop());
  }
  await page.close();
});

test("on a tablet the tools stand in two rows, and the name of the platform is not cut", async ({
  browser,
}) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  const viewport = { width: 768, height: 1024 };
  const page = await browser.newPage({ hasTouch: true, isMobile: true, viewport });
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  const tools = page.locator("#content > div").last();
  expect((await tools.boundingBox())?.height).toBeLessThan(3 * 44);
  const room = await page.getByLabel("Platform").evaluate((select: HTMLSelectElement) => {
    const { font, paddingLeft, paddingRight } = getComputedStyle(select);
    const context = document.createElement("canvas").getContext("2d");
    if (!context) throw new Error("no canvas");
    context.font = font;
    const { width } = context.measureText(select.selectedOptions[0]?.text ?? "");
    return select.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - width;
  });
  expect(room).toBeGreaterThanOrEqual(0);
  await page.close();
});

test("on a phone held sideways the picture and the cut-out fill most of the height", async ({ page }) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  await page.setViewportSize({ width: 812, height: 375 });
  await page.reload();
  const picture = stage(page).getByRole("img").first();
  await expect(picture).toBeInViewport();
  expect(await page.evaluate(() => scrollY)).toBe(0);
  expect((await picture.boundingBox())?.height).toBeGreaterThan(180);
  await page.keyboard.press("m");
  const canvas = page.getByRole("dialog").locator("canvas").first();
  await expect.poll(async () => (await canvas.boundingBox())?.height).toBeGreaterThan(150);
});
