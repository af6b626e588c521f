import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { candidates, emptyBackdrops, FIRST_JOB_MS, openPhoto, optimise, photo } from "./studio";

test.use({ locale: "en-US" });

const product = (page: Page) => page.getByRole("button", { name: /^Product:/ });
const frame = (page: Page) => page.getByRole("button", { name: /^Frame:/ });
const inHand = (page: Page) => page.getByTestId("in-hand");
const preview = (page: Page) => page.locator("main :not([data-testid=in-hand]) > img[src^=data]");
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

async function boxIn(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error("no box");
  return box;
}

const photoFacts = (page: Page) =>
  page.getByRole("main", { name: "Picture" }).getByText(/^Photo · \d+ × \d+/);

async function exported(page: Page, press: (button: Locator) => Promise<void>) {
  const file = page.waitForEvent("download", { timeout: 60_000 });
  const button = page.getByRole("dialog").getByRole("button", { name: /^Export \d files?$/ });
  await expect(button).toBeEnabled({ timeout: 60_000 });
  await press(button);
  expect((await readFile(await (await file).path())).length).toBeGreaterThan(10_000);
}

const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);

test("from a dropped photo to a file by mouse alone: moved, resized, turned, on another backdrop", async ({
  page,
}) => {
  test.setTimeout(3 * FIRST_JOB_MS);
  await emptyBackdrops(page);
  await page.goto("/");
  const bytes = (await readFile(photo("mug"))).toString("base64");
  const dropped = await page.evaluateHandle((data) => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], "mug.jpg", { type: "image/jpeg" }));
    return transfer;
  }, bytes);
  await page.dispatchEvent("body", "drop", { dataTransfer: dropped });
  await page.waitForURL(/\/studio\/ses_/, { timeout: 20_000 });
  // Each scene is drawn with the product, as many as are to be seen and no more.
  await expect(page.locator("aside img[src^=data]")).toHaveCount(4, { timeout: FIRST_JOB_MS });
  await optimise(page, "Optimise");
  const before = await centreOf(page);
  await drag(page, { x: before.x, y: before.y - 20 }, -60, 0);
  await shown(page, "2.1");
  await expect(preview(page)).toHaveCount(0);
  const moved = await centreOf(page);
  expect(before.x - moved.x).toBeGreaterThan(45);
  expect(Math.abs(moved.width - before.width)).toBeLessThan(8);

  const corner = await page.getByRole("button", { name: "Product size" }).boundingBox();
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
  await expect(page.getByRole("heading", { name: "Turned by hand" })).toBeVisible();

  await page.getByLabel("Add a picture").setInputFiles(photo("watch"));
  await shown(page, "6.1");
  await expect(page.getByRole("heading", { name: "Backdrop: your own picture" })).toBeVisible();
  await page.getByRole("slider", { name: "Where the ground ends" }).fill("70");
  await shown(page, "7.1");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Remove backdrop 1" }).click();
  await expect(page.getByRole("button", { name: "Backdrop 1", exact: true })).toHaveCount(0);
  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Backdrop 1", exact: true })).toBeVisible();

  await page.getByRole("button", { name: "Wood", exact: true }).click();
  await shown(page, "8.1");
  await page.getByRole("button", { name: "Palm" }).click();
  await expect(page.getByText("Size: Palm")).toBeVisible();
  // However long the list of versions, it scrolls by itself and not the page.
  await page.getByRole("button", { name: /^Use this/ }).click();
  await page.setViewportSize({ width: 1440, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(640);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await exported(page, (button) => button.click());
});

test("a drag shows the shop's frame, lands where it was shown, and Escape puts the product back", async ({
  page,
}) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  await page.getByLabel("Platform").selectOption({ label: "Amazon" });
  const before = await centreOf(page);
  const picture = await boxIn(page.getByRole("main", { name: "Picture" }).getByRole("img").first());
  await page.mouse.move(before.x + before.width / 4, before.y);
  await page.mouse.down();
  await page.mouse.move(before.x + before.width / 4 - 60, before.y - 20, { steps: 5 });
  await expect(preview(page)).toBeVisible();
  const guide = await boxIn(page.locator("main .border-dashed"));
  expect(guide.width / picture.width).toBeCloseTo(0.96, 1);
  expect(guide.height / picture.height).toBeCloseTo(0.96, 1);
  expect(guide.y + guide.height / 2).toBeCloseTo(picture.y + picture.height / 2, 0);
  const turn = page.waitForRequest("**/refine");
  await page.keyboard.press("Escape");
  await expect(preview(page)).toHaveCount(0);
  await page.mouse.up();
  expect((await centreOf(page)).x).toBeCloseTo(before.x, 0);

  // To the edge of the picture: the first turn is this one.
  await drag(page, { x: before.x, y: before.y - 20 }, -picture.width / 2, 0);
  const shownAt = await centreOf(page);
  expect((await turn).postDataJSON()).toMatchObject({ changes: { framing: {} } });
  await shown(page, "2.1");
  await expect(preview(page)).toHaveCount(0);
  const landed = await centreOf(page);
  expect(Math.abs(landed.x - shownAt.x)).toBeLessThan(3);
  expect(Math.abs(landed.y - shownAt.y)).toBeLessThan(3);
  await expect(page.getByRole("option", { name: /^3/ })).toHaveCount(0);
});

test("from a photo to a file by keys alone: compared, placed in one step, framed, taken back", async ({
  page,
}) => {
  test.setTimeout(3 * FIRST_JOB_MS);
  await page.goto("/");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: /^Choose/ }).press("Enter");
  await (await chooser).setFiles(photo("mug"));
  await page.waitForURL(/\/studio\/ses_/, { timeout: 20_000 });
  await expect(page.getByRole("button", { name: "Optimise" })).toBeVisible();
  await page.locator("body").press("o");
  await expect(candidates(page)).toHaveCount(3, { timeout: FIRST_JOB_MS });
  await page.locator("body").press("2");
  await expect(page.getByRole("option", { name: /^1\.2/ })).toHaveAttribute("aria-selected", "true");
  await page.getByRole("option", { name: /^1\.2/ }).press("ArrowLeft");
  await expect(page.getByRole("option", { name: /^1\.1/ })).toBeFocused();
  await page.locator("body").press("a");
  await expect(page.getByRole("option", { name: /^1\.1.*Chosen/ })).toBeVisible();
  const slider = page.getByRole("slider", { name: "Before and after" });
  await slider.press("Home");
  await expect(slider).toHaveAttribute("aria-valuenow", "0");
  await slider.press("Shift+ArrowRight");
  await expect(slider).toHaveAttribute("aria-valuenow", "10");
  await page.keyboard.down("\\");
  await expect(photoFacts(page)).toBeVisible();
  // A key that is let go in another window is never told of here.
  await page.evaluate(() => window.dispatchEvent(new Event("blur")));
  await expect(photoFacts(page)).toHaveCount(0);

  const before = await centreOf(page);
  await page.locator("body").press("Tab");
  for (let at = 0; at < 60; at += 1) {
    if (await product(page).evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await expect(product(page)).toBeFocused();
  // At once, as from a hand: on a slow machine three calls would come as three pauses.
  await product(page).evaluate(async (element) => {
    for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "-"]) {
      element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      await new Promise((drawn) => setTimeout(drawn));
    }
  });
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
  await page.locator("body").press("s");
  await expect(page.getByRole("radio", { name: "Single" })).toBeChecked();
  await page.locator("body").press("e");
  await exported(page, (button) => button.press("Enter"));
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("from a photo to a file by finger on a phone: looked under, moved, turned, framed", async ({
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
  await expect(page.getByLabel("Say what to change")).toBeInViewport();
  const before = await centreOf(page);
  const touch = await context.newCDPSession(page);
  // A finger that rests on the picture shows the photo, and lifting it brings the picture back.
  const stage = await page.getByRole("main", { name: "Picture" }).boundingBox();
  const corner = [{ x: 20, y: (stage?.y ?? 0) + 40 }];
  for (const end of ["touchEnd", "touchCancel"] as const) {
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: corner });
    await expect(photoFacts(page)).toBeVisible();
    await touch.send("Input.dispatchTouchEvent", { type: end, touchPoints: [] });
    await expect(photoFacts(page)).toHaveCount(0);
  }
  // Before any preview the product itself follows the finger, over the picture without it.
  let release: () => void = () => undefined;
  const released = new Promise<void>((done) => (release = done));
  await page.route("**/preview", async (route) => {
    const { with_product } = route.request().postDataJSON() as { with_product: boolean };
    if (with_product) await released;
    await route.fallback();
  });
  const matte = page.waitForResponse(/size=matte/);
  await expect(page.getByText("Tap the product, then drag it")).toBeInViewport();
  await page.touchscreen.tap(before.x, before.y);
  await expect(product(page)).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByText("Drag to move, pinch to resize or turn")).toBeInViewport();
  await matte;
  await expect(inHand(page).locator("img")).toHaveCount(1);
  const slide = async (from: { x: number; y: number }, by: number, held?: () => Promise<void>) => {
    const send = (type: "touchStart" | "touchMove" | "touchEnd", touchPoints: { x: number; y: number }[]) =>
      touch.send("Input.dispatchTouchEvent", { type, touchPoints });
    await send("touchStart", [from]);
    for (let step = 1; step <= 4; step += 1)
      await send("touchMove", [{ x: from.x + (by * step) / 4, y: from.y }]);
    await held?.();
    await send("touchEnd", []);
  };
  const cutOut = page.locator("main [style*=matte]");
  const atRest = await boxIn(cutOut);
  await slide(before, 40, async () => {
    await expect(inHand(page)).toHaveCSS("opacity", "1");
    await expect.poll(async () => (await boxIn(cutOut)).x - atRest.x).toBeGreaterThan(20);
    release();
    await expect(inHand(page)).toHaveCSS("opacity", "0");
  });
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
  await expect(page.getByRole("heading", { name: "Turned by hand" })).toBeVisible();
  await page.getByRole("button", { name: "Export", exact: true }).tap();
  await exported(page, (button) => button.tap());
  await context.close();
});
