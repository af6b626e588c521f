import { expect, test, type Locator, type Page } from "@playwright/test";
import { Studio } from "./server";
import { candidates, FIRST_JOB_MS, openPhoto } from "./studio";

const languages = {
  "zh-CN": {
    what: "想要的背景",
    run: /^换背景/,
    reading: "这句话会改什么",
    shadow: "影子：",
    better: "“影子淡一点”",
    said: "影子淡一点",
    invalid: "描述无法使用，请修改后再试。",
    notUnderstood: "没有看懂“独角兽”。换一种说法",
    damaged: "图片已损坏。换一张，或把这张重新存一遍。",
    tooLarge: "图片过大，请压缩后再试。也可以换一张。",
    gone: "找不到该内容。可能已删除，回商品列表看看。",
    notFound: "找不到这个商品，可能已删除",
    back: "回到商品",
  },
  "en-US": {
    what: "What background",
    run: /^Replace background/,
    reading: "What these words change",
    shadow: "Shadow edge: softer",
    better: "“softer shadow”",
    said: "softer shadow",
    invalid: "We could not use this instruction. Change the words, then send again.",
    notUnderstood: "Not understood: “独角兽”. Say it in other words",
    damaged: "The picture is damaged. Choose another photo, or save this one again.",
    tooLarge: "The picture is too large; compress it and try again. Or choose another photo.",
    gone: "Not found. It may have been deleted. See the list of products.",
    notFound: "Not found; it may have been deleted",
    back: "Back to products",
  },
};

const alerts = (page: Page, words: string): Locator => page.getByRole("alert").filter({ hasText: words });

const be16 = (value: number) => [value >> 8, value & 255];
const jpeg = (...parts: number[][]) => Buffer.from([0xff, 0xd8, ...parts.flat(), 0xff, 0xd9]);
/** The head of a photo that claims to be 40,000 pixels wide and high. */
const vast = jpeg(
  [0xff, 0xc0, ...be16(11), 8, ...be16(40_000), ...be16(40_000), 1, 1, 0x11, 0],
  [0xff, 0xda, ...be16(8), 1, 1, 0, 0, 63, 0],
);
const cut = jpeg([0xff, 0xe0, ...be16(16), 0x4a, 0x46, 0x49, 0x46, 0]);

for (const [locale, words] of Object.entries(languages)) {
  test(`what cannot be used is told where it stands, with what to do, in ${locale}`, async ({
    browser,
    baseURL,
  }) => {
    const context = await browser.newContext({ baseURL: baseURL ?? "", locale });
    const page = await context.newPage();
    await page.goto("/");
    await page.getByTestId("photo-picker").setInputFiles([
      { name: "cut.jpg", mimeType: "image/jpeg", buffer: cut },
      { name: "vast.jpg", mimeType: "image/jpeg", buffer: vast },
    ]);
    await expect(alerts(page, words.damaged)).toBeVisible();
    await expect(alerts(page, words.tooLarge)).toBeVisible();

    await openPhoto(page, "watch");
    const field = page.getByLabel(words.what, { exact: true });
    await field.fill("!!!");
    await page.getByRole("button", { name: words.run }).click();
    await expect(alerts(page, words.invalid)).toBeVisible();
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveValue("!!!");
    await field.fill("独角兽");
    await page.getByRole("button", { name: words.run }).click();
    await expect(alerts(page, words.notUnderstood)).toBeVisible();
    await expect(field).toHaveValue("独角兽");
    await expect(field).toBeFocused();
    // The words of a suggestion take the place of what was not understood, and are read as they stand.
    await alerts(page, words.notUnderstood).getByRole("button", { name: words.better }).click();
    await expect(field).toHaveValue(words.said);
    await expect(page.getByRole("status", { name: words.reading })).toContainText(words.shadow);
    await expect(alerts(page, words.notUnderstood)).toHaveCount(0);

    const session = page.url().split("/").at(-1) ?? "";
    await page.evaluate((id) => fetch(`/session/${id}`, { method: "DELETE" }), session);
    await page.locator("#optimise").click();
    await expect(alerts(page, words.gone)).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { name: words.notFound })).toBeVisible();
    await page.getByRole("link", { name: words.back }).click();
    await expect(page).toHaveURL(/\/$/);
    await context.close();
  });
}

test("what a server has too little of is told calmly: money, streams, jobs a minute", async ({ browser }) => {
  test.setTimeout(3 * FIRST_JOB_MS);
  const studio = new Studio({
    STILLROOM_USER_PER_MINUTE: "1",
    STILLROOM_USER_STREAMS: "1",
    STILLROOM_DAILY_BUDGET_USD: "0.001",
    // A job that has ended before its stream is opened would need none.
    STILLROOM_FAULTS: "storage.put=slow:1",
    GEMINI_API_KEY: "spent",
    GEMINI_BASE_URL: "http://127.0.0.1:9",
  });
  await studio.start();
  try {
    const context = await browser.newContext({ baseURL: studio.url, locale: "en-US" });
    const page = await context.newPage();
    await openPhoto(page, "watch");
    await expect(
      page.getByText("Today's budget has too little left for another cloud picture; this machine only"),
    ).toBeVisible();

    const alarms: string[] = [];
    await page.exposeFunction("alarm", (text: string) => alarms.push(text));
    await page.evaluate(() => {
      new MutationObserver(() => {
        if (document.body.innerText.includes("Reconnecting")) void window.alarm("Reconnecting");
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    });
    // The one stream there is belongs to another window.
    let refusals = 0;
    await page.route("**/stream/**", async (route) => {
      const held = new AbortController();
      const taken = await fetch(route.request().url(), { signal: held.signal });
      const answer = await route.fetch();
      if (answer.status() === 429) refusals += 1;
      await route.fulfill({ response: answer });
      held.abort();
      await taken.body?.cancel().catch(() => undefined);
    });
    await page.getByRole("button", { name: "Optimise" }).click();
    await expect(candidates(page)).toHaveCount(3, { timeout: FIRST_JOB_MS });
    await expect(page.getByRole("button", { name: /^Stop/ })).toHaveCount(0, { timeout: 60_000 });
    expect(refusals).toBeGreaterThan(0);
    expect(alarms).toEqual([]);

    const words = page.getByLabel("Say what to change", { exact: true });
    await words.fill("warmer");
    // However long the first job took: the one of this minute is used up just now.
    const useUp = () =>
      page.evaluate(async () => {
        const order = {
          session_id: location.pathname.split("/").at(-1),
          operation: "optimize",
          candidates: 1,
        };
        const headers = { "content-type": "application/json" };
        return (await fetch("/edit", { method: "POST", headers, body: JSON.stringify(order) })).status;
      });
    await expect.poll(useUp).toBe(429);
    await page.getByRole("button", { name: "Send" }).click();
    const countdown = page.getByText(/^Again in \d+ s/);
    await expect(countdown).toBeVisible();
    const first = await countdown.innerText();
    await expect(countdown).not.toHaveText(first);
    await expect(words).toHaveValue("warmer");
    await expect(page.getByRole("button", { name: "Send" })).toBeDisabled();
    await context.close();
  } finally {
    await studio.remove();
  }
});

declare global {
  interface Window {
    alarm: (text: string) => Promise<void>;
  }
}
