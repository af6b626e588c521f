/** The home screen as it is drawn before React is there, and what becomes of it then. */
import { expect, test, type Page } from "@playwright/test";
import { emptyLibrary, openPhoto } from "./studio.ts";

/** Holds React back until it is let go. */
async function withoutReact(page: Page): Promise<() => void> {
  let letGo: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/assets/start-*.js", async (route) => {
    await gone;
    await route.continue();
  });
  return letGo;
}

/** What is seen and where: every text and picture, with the place it takes. */
const seen = (page: Page) =>
  page.evaluate(() => {
    // Only React knows who is at work, and how a product stands.
    const late = "header .truncate, ul p + p";
    const parts = [...document.querySelectorAll("#root :is(header, main) *")].filter(
      (part) =>
        (part.matches("img, button, input, select") ||
          [...part.childNodes].some((node) => node.nodeType === 3)) &&
        part.checkVisibility() &&
        !part.closest(late),
    );
    return parts.map((part) => {
      const box = part.getBoundingClientRect();
      const place = [box.x, box.y, box.width, box.height].map(Math.round).join(" ");
      const words = part instanceof HTMLImageElement ? part.getAttribute("src") : part.textContent;
      return `${part.tagName} ${words} ${place}`;
    });
  });

const view = (page: Page) => page.locator("#root > [inert]");

async function staysAsItIs(page: Page): Promise<void> {
  const letGo = await withoutReact(page);
  await page.goto("/");
  await expect(view(page).locator("main")).toBeVisible();
  await page.evaluate("document.fonts.ready");
  const before = await seen(page);
  expect(before.length).toBeGreaterThan(10);
  // Nothing of it can be reached; what is inert is not read aloud either.
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  letGo();
  await expect(view(page)).toHaveCount(0);
  await expect(page.getByRole("heading").first()).toBeVisible();
  await expect.poll(() => seen(page)).toEqual(before);
}

const screens = [
  { width: 1440, height: 900, locale: "zh-CN", hasTouch: false },
  { width: 1024, height: 768, locale: "en-US", hasTouch: true },
  { width: 375, height: 812, locale: "en-US", hasTouch: true },
];

test("on the first day and with products, React draws what was there already", async ({
  browser,
  page,
  baseURL,
}) => {
  test.setTimeout(180_000);
  for (const products of [[], ["mug"], ["watch", "perfume"]]) {
    if (products.length === 0) await emptyLibrary(page);
    for (const name of products) await openPhoto(page, name);
    for (const { width, height, locale, hasTouch } of screens) {
      const context = await browser.newContext({
        baseURL: baseURL ?? "",
        viewport: { width, height },
        locale,
        hasTouch,
      });
      const here = await context.newPage();
      await here.addInitScript(() => localStorage.setItem("stillroom.theme", '"dark"'));
      await staysAsItIs(here);
      await context.close();
    }
  }
});

test("no answer and no picture is fetched twice", async ({ page }) => {
  await openPhoto(page, "mug");
  await page.goto("about:blank");
  const asked: string[] = [];
  page.on("request", (request) =>
    asked.push(new URL(request.url()).pathname + new URL(request.url()).search),
  );
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.waitForLoadState("networkidle");
  const own = asked.filter((address) => !address.startsWith("/job"));
  expect(own).toContain("/config");
  expect(own.filter((address) => address.startsWith("/session"))).toHaveLength(1);
  expect(own.toSorted()).toEqual([...new Set(own)].toSorted());
});

test("whoever is not known sees nothing of it, and no other screen shows it", async ({ page }) => {
  const drawn: string[] = [];
  await page.exposeFunction("tell", (what: string) => drawn.push(what));
  await page.addInitScript(() => {
    new MutationObserver(() => {
      const found = document.querySelector("#root > [inert]");
      if (found) (window as unknown as { tell: (what: string) => void }).tell(location.pathname);
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto("/");
  await expect(page.getByRole("heading").first()).toBeVisible();
  expect(drawn).toContain("/");
  drawn.length = 0;
  for (const path of ["/settings", "/batch", "/lab/golden", "/nowhere"]) {
    await page.goto(path);
    await expect(page.getByRole("heading").first()).toBeVisible();
  }
  await page.route("**/session?*", (route) =>
    route.fulfill({
      status: 401,
      contentType: "application/problem+json",
      json: { code: "E_UNAUTHORIZED", status: 401, title: "", type: "about:blank" },
    }),
  );
  await page.goto("/");
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(drawn).toEqual([]);
});
