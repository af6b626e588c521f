import { expect, test, type BrowserContext, type Page } from "@playwright/test";
import { FIRST_JOB_MS, openPhoto, optimise, photo } from "./studio";

test.use({ locale: "en-US" });

async function openOffline(page: Page, context: BrowserContext): Promise<void> {
  await page.goto("/");
  await page.waitForLoadState("networkidle");
  await context.setOffline(true);
}

test("files that are no photos are refused with their reasons, and the others go on", async ({ page }) => {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/upload") sent.push(request.method());
  });
  await page.goto("/");
  await page.getByTestId("photo-picker").setInputFiles([
    { name: "notes.jpg", mimeType: "image/jpeg", buffer: Buffer.from("just some notes") },
    { name: "empty.png", mimeType: "image/png", buffer: Buffer.alloc(0) },
    {
      name: "logo.svg",
      mimeType: "image/svg+xml",
      buffer: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
    },
  ]);
  await expect(page.getByText("This is text, not a photo.")).toBeVisible();
  await expect(page.getByText("The file is empty (0 bytes).")).toBeVisible();
  await expect(page.getByText("This is an SVG drawing, not a photo.")).toBeVisible();
  expect(sent).toEqual([]);

  await page.getByTestId("photo-picker").setInputFiles(photo("watch"));
  await page.waitForURL(/\/studio\/ses_/);
  await expect(page.getByRole("heading", { name: "watch", level: 1 })).toBeVisible();
});

test("a damaged photo is refused by the server, and the row says so", async ({ page }) => {
  await page.goto("/");
  const header = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00]);
  await page
    .getByTestId("photo-picker")
    .setInputFiles([{ name: "cut.jpg", mimeType: "image/jpeg", buffer: header }]);
  await expect(page.getByRole("alert").filter({ hasText: "The picture is damaged." })).toBeVisible();
  await page.getByRole("button", { name: "Dismiss cut.jpg" }).click();
  await expect(page.getByText("cut.jpg")).toHaveCount(0);
});

test("several photos become one product each", async ({ page }) => {
  await page.goto("/");
  await page.getByTestId("photo-picker").setInputFiles([photo("watch"), photo("t-shirt")]);
  await expect(page.getByRole("link", { name: "Open watch" }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Open t-shirt" }).first()).toBeVisible();
  expect(new URL(page.url()).pathname).toBe("/");
});

test("a photo that is too large is made smaller in the browser when asked, and says so", async ({ page }) => {
  await page.route("**/config", async (route) => {
    const answer = await route.fetch();
    const config = (await answer.json()) as { limits: Record<string, number> };
    await route.fulfill({
      response: answer,
      json: { ...config, limits: { ...config.limits, max_upload_bytes: 100_000 } },
    });
  });
  const configured = page.waitForResponse("**/config");
  await page.goto("/");
  await configured;
  await page.getByTestId("photo-picker").setInputFiles(photo("mug"));
  await expect(page.getByText(/the limit is/)).toBeVisible();
  await page.getByRole("button", { name: "Shrink and send" }).click();
  await page.waitForURL(/\/studio\/ses_/);
});

test("photos dropped while offline are kept, and sent when the network is back", async ({
  page,
  context,
}) => {
  await openOffline(page, context);
  await page.getByTestId("photo-picker").setInputFiles(photo("perfume"));
  await expect(page.getByText("Offline; uploads when you are back online")).toBeVisible();
  await context.setOffline(false);
  await page.waitForURL(/\/studio\/ses_/);
});

test("photos dropped while offline outlive their tab, and come in when the page is opened again", async ({
  page,
  context,
}) => {
  await openOffline(page, context);
  await page.getByTestId("photo-picker").setInputFiles([photo("headphones"), photo("toy-car")]);
  await expect(page.getByText("Offline; uploads when you are back online")).toHaveCount(2);
  await page.close();

  await context.setOffline(false);
  const again = await context.newPage();
  const sent: string[] = [];
  again.on("request", (request) => {
    if (new URL(request.url()).pathname === "/upload") sent.push(request.method());
  });
  await again.goto("/settings");
  await expect.poll(() => sent.length).toBe(2);
  await again.getByRole("link", { name: "Products" }).click();
  await expect(again.getByRole("link", { name: "Open toy-car" }).first()).toBeVisible();
  await expect(again.getByText("2 photos are now separate products.")).toBeVisible();
  await again.reload();
  await again.waitForLoadState("networkidle");
  expect(sent).toHaveLength(2);
});

test("who comes back from another screen finds the photos that are still on their way", async ({ page }) => {
  let goOn = () => undefined as unknown;
  const held = new Promise((done) => (goOn = () => done(null)));
  await page.route("**/upload", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/");
  await page.getByTestId("photo-picker").setInputFiles([photo("watch"), photo("mug")]);
  const rows = page.getByRole("button", { name: /^Cancel / });
  await expect(rows).toHaveCount(2);
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(rows).toHaveCount(0);
  await page.getByRole("link", { name: "Products" }).click();
  await expect(rows).toHaveCount(2);
  goOn();
  await expect(page.getByText("2 photos are now separate products.")).toBeVisible();
  await expect(rows).toHaveCount(0);
});

test("without a network all goes on with a server that is this very machine", async ({ page }) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "onLine", { get: () => false });
    window.addEventListener("load", () => window.dispatchEvent(new Event("offline")));
  });
  await openPhoto(page, "watch");
  await optimise(page, "Optimise");
  await expect(page.getByText("Offline; continues by itself")).toHaveCount(0);
});
