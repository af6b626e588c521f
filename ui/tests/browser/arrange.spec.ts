import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { candidates, FIRST_JOB_MS, openPhoto, optimise } from "./studio";

test.use({ locale: "en-US" });

const product = (page: Page) => page.getByRole("button", { name: /^Product:/ });
const frame = (page: Page) => page.getByRole("button", { name: /^Frame:/ });
const preview = (page: Page) => page.locator("main img[src^=blob]");
const shown = (page: Page, number: string) =>
  expect(page.getByRole("option", { name: new RegExp(`^${number}`) })).toHaveAttribute(
    "aria-selected",
    "true",
    { timeout: FIRST_JOB_MS },
  );

async function centreOf(page: Page) {
  const box = await product(page).boundingBox();
  if (!box) throw new Error("no product");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width, height: box.height };
}

async function knobOf(page: Page) {
  const box = await page.getByRole("button", { name: "Turn the product" }).boundingBox();
  if (!box) throw new Error("no knob");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function drag(page: Page, from: { x: number; y: number }, dx: number, dy: number) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + dx, from.y + dy, { steps: 5 });
  await expect(preview(page)).toBeVisible();
  await page.mouse.up();
}

const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);

test("a product is moved, resized, centred, turned and taken back by mouse alone", async ({ page }) => {
  test.setTimeout(3 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  const before = await centreOf(page);
  await drag(page, { x: before.x, y: before.y - 20 }, -60, 0);
  await shown(page, "2.1");
  await expect(preview(page)).toHaveCount(0);
  const moved = await centreOf(page);
  expect(before.x - moved.x).toBeGreaterThan(45);
  expect(Math.abs(moved.width - before.width)).toBeLessThan(8);

  const corner = await page.getByRole("button", { name: "Size of the product" }).boundingBox();
  if (!corner) throw new Error("no handle");
  await drag(page, { x: corner.x + corner.width / 2, y: corner.y + corner.height / 2 }, 50, 50);
  await shown(page, "3.1");
  expect((await centreOf(page)).width).toBeLessThan(moved.width - 30);

  await product(page).dblclick();
  await shown(page, "4.1");
  const picture = await page.getByRole("main", { name: "Picture" }).getByRole("img").first().boundingBox();
  const centred = await centreOf(page);
  expect(Math.abs(centred.x - ((picture?.x ?? 0) + (picture?.width ?? 0) / 2))).toBeLessThan(6);

  await page.getByRole("button", { name: "Undo" }).click();
  await shown(page, "3.1");
  await page.getByRole("button", { name: "Redo" }).click();
  await shown(page, "4.1");

  const knob = await knobOf(page);
  await drag(page, knob, 70, 20);
  await shown(page, "5.1");
  expect((await centreOf(page)).width).toBeGreaterThan(centred.width + 8);
  await expect(page.getByText(/Rotation: [\d.]+° clockwise/).first()).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

test("keys place the product and choose the ratio, one step for keys pressed together, and Ctrl Z takes it back", async ({
  page,
}) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  const before = await centreOf(page);
  await page.locator("body").press("Tab");
  for (let at = 0; at < 60; at += 1) {
    if (await product(page).evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await expect(product(page)).toBeFocused();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("-");
  await expect(product(page)).toHaveAttribute("aria-pressed", "true");
  await shown(page, "2.1");
  const moved = await centreOf(page);
  expect(moved.x).toBeGreaterThan(before.x + 10);
  expect(moved.width).toBeLessThan(before.width);
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("option", { name: /^1\.1/ })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Control+Shift+z");
  await shown(page, "2.1");
  await expect(candidates(page)).toHaveCount(1);

  await frame(page).press("Enter");
  await expect(page.getByRole("menuitemradio", { name: "1:1 square" })).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await shown(page, "3.1");
  await expect(frame(page)).toHaveAccessibleName("Frame: 3:4 portrait");
  await expect(frame(page)).toBeFocused();
  const picture = await page.getByRole("main", { name: "Picture" }).getByRole("img").first().boundingBox();
  expect((picture?.width ?? 0) / (picture?.height ?? 1)).toBeCloseTo(0.75, 2);
  await page.keyboard.press("Control+z");
  await expect(frame(page)).toHaveAccessibleName("Frame: 1:1 square");
});

test("a finger selects the product with a tap, moves and turns it and chooses a ratio on a phone", async ({
  browser,
  baseURL,
}) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  const context = await browser.newContext({
    baseURL: baseURL ?? "",
    locale: "en-US",
    viewport: { width: 375, height: 812 },
    hasTouch: true,
    isMobile: true,
  });
  const page = await context.newPage();
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  const before = await centreOf(page);
  await page.touchscreen.tap(before.x, before.y);
  await expect(product(page)).toHaveAttribute("aria-pressed", "true");
  const touch = await context.newCDPSession(page);
  const slide = async (from: { x: number; y: number }, by: number) => {
    const send = (type: "touchStart" | "touchMove" | "touchEnd", touchPoints: { x: number; y: number }[]) =>
      touch.send("Input.dispatchTouchEvent", { type, touchPoints });
    await send("touchStart", [from]);
    for (let step = 1; step <= 4; step += 1)
      await send("touchMove", [{ x: from.x + (by * step) / 4, y: from.y }]);
    await send("touchEnd", []);
  };
  await slide(before, 40);
  await shown(page, "2.1");
  expect((await centreOf(page)).x).toBeGreaterThan(before.x + 20);
  await frame(page).tap();
  const wide = page.getByRole("menuitemradio", { name: "16:9 wide banner" });
  await expect(wide).toBeInViewport();
  expect(await violations(page)).toEqual([]);
  await wide.tap();
  await shown(page, "3.1");
  await expect(frame(page)).toHaveAccessibleName("Frame: 16:9 wide banner");
  await slide(await knobOf(page), -30);
  await shown(page, "4.1");
  await expect(page.getByText(/Rotation: [\d.]+° anticlockwise/).first()).toBeVisible();
  await context.close();
});
