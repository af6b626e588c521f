import { expect, test, type Page } from "@playwright/test";
import { startReader, Studio } from "./server";
import { candidates, FIRST_JOB_MS, openPhoto } from "./studio";

const dialog = (page: Page) => page.getByRole("dialog", { name: "Sign in" });

async function signIn(page: Page, token: string): Promise<void> {
  await dialog(page).getByLabel("Token").fill(token);
  await dialog(page).getByRole("button", { name: "Sign in" }).click();
}

test("who is not known is asked for the token, the work behind it stays, and a reader's words are taken over", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const reader = await startReader("A watch on slate");
  const studio = new Studio({
    STILLROOM_AUTH: "token",
    READER: "compatible",
    READER_BASE_URL: reader.url,
    READER_MODEL: "watcher-1",
    READER_SEES_PHOTOS: "true",
  });
  await studio.start();
  try {
    const token = /\bstl_\S+|\S{32,}/.exec(studio.run("token", "create", "ada"))?.[0] ?? "";
    const context = await browser.newContext({ baseURL: studio.url, locale: "en-US" });
    const page = await context.newPage();
    await page.goto("/");
    await expect(dialog(page).getByLabel("Token")).toBeFocused();
    await signIn(page, "a-token-that-nobody-made");
    await expect(dialog(page).getByText("This token is not valid here.")).toBeVisible();
    await signIn(page, token);
    await expect(dialog(page)).toHaveCount(0);

    await openPhoto(page, "watch");
    const words = page.getByLabel("What background", { exact: true });
    await words.fill("on slate");
    await context.clearCookies();
    // Dispatched, because any request of the page may open the modal dialog before the pointer reaches the button.
    await page.getByRole("button", { name: /^Replace background/ }).dispatchEvent("click");
    await signIn(page, token);
    await expect(dialog(page)).toHaveCount(0);
    await expect(words).toHaveValue("on slate");
    await page.getByRole("button", { name: /^Replace background/ }).click();
    await expect(candidates(page).first()).toBeVisible({ timeout: FIRST_JOB_MS });
    await page.getByRole("button", { name: "Export", exact: true }).click();
    await page.getByRole("button", { name: "Alt text and title" }).click();
    await page.getByRole("button", { name: "Suggest alt text and title" }).click();
    await expect(page.getByRole("textbox", { name: "Alt text" })).toHaveValue("A watch on slate");
    await page.getByRole("button", { name: "Undo the suggestion" }).click();
    await expect(page.getByRole("textbox", { name: "Alt text" })).toHaveValue("");

    await page.goto("/");
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(dialog(page)).toBeVisible();
    await context.close();
  } finally {
    await studio.remove();
    reader.stop();
  }
});
