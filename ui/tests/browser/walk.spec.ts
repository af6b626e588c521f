import { expect, test } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { candidates, emptyLibrary, FIRST_JOB_MS, openPhoto, optimise } from "./studio";

test.use({ locale: "zh-CN" });

test("a photo becomes candidates, an adopted picture, a refined one, and files for the shop", async ({
  page,
}) => {
  test.setTimeout(3 * FIRST_JOB_MS);
  const foreign: string[] = [];
  const refused: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.hostname !== "127.0.0.1") foreign.push(request.url());
  });
  page.on("console", (message) => {
    if (message.type() === "error") refused.push(`${message.text()} ${message.location().url}`);
  });

  await emptyLibrary(page);
  await page.getByRole("button", { name: "马克杯", exact: true }).click();
  await page.waitForURL(/\/studio\/ses_/);
  await page.getByLabel("平台").selectOption({ label: "亚马逊" });
  await optimise(page, "一键优化");
  await expect(page.getByRole("slider", { name: "前后对比" })).toBeVisible();

  await page.getByRole("button", { name: "用这张：1.1" }).click();
  await expect(page.getByRole("option", { name: /^1\.1.*已选用/ })).toBeVisible();

  await page.getByLabel("接着改", { exact: true }).fill("暖一点，产品大一点");
  await page.getByRole("button", { name: "发送" }).click();
  await expect(candidates(page)).toHaveCount(1, { timeout: FIRST_JOB_MS });
  await expect(page.getByRole("option", { name: /^2\.1/ })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("heading", { name: "暖一点，产品大一点" })).toBeVisible();

  const kept = page.getByRole("list", { name: "始终保持" });
  await expect(kept.getByRole("listitem").first()).toContainText("产品与字样保持不变");
  await kept.getByRole("button", { name: "改写“暖一点”" }).click();
  await kept.getByRole("textbox").fill("冷一点");
  await page.keyboard.press("Enter");
  await expect(kept).toContainText("冷一点");
  await kept.getByRole("button", { name: "移除“产品大一点”" }).click();
  await page.getByRole("button", { name: "撤销", exact: true }).click();
  await expect(kept.getByRole("listitem")).toHaveCount(3);

  await page.getByRole("button", { name: "导出" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("checkbox", { name: "亚马逊主图" })).toBeChecked();
  await dialog.getByRole("checkbox", { name: "网页 1080" }).check();
  await dialog.getByRole("checkbox", { name: "网页 1500" }).check();
  await dialog.getByRole("checkbox", { name: "亚马逊主图" }).uncheck();
  const button = dialog.getByRole("button", { name: /导出 \d 个文件$/ });
  await expect(button).toBeEnabled({ timeout: 60_000 });
  const archive = page.waitForEvent("download");
  await button.click();
  const path = await (await archive).path();
  expect((await readFile(path)).subarray(0, 2).toString()).toBe("PK");

  const one = page.waitForEvent("download");
  await dialog.getByRole("link", { name: /下载 网页 1080.*WebP/ }).click();
  const file = await readFile(await (await one).path());
  expect(file.subarray(8, 12).toString()).toBe("WEBP");

  expect(foreign).toEqual([]);
  expect(refused).toEqual([]);
});

test("a product can be renamed and deleted from the list, after saying what goes", async ({ page }) => {
  await openPhoto(page, "toy-car");
  await page.getByRole("link", { name: "商品", exact: true }).click();
  await page.getByRole("button", { name: "toy-car 的更多操作" }).first().click();
  await page.getByRole("menuitem", { name: "改名" }).click();
  await page.getByRole("textbox", { name: "名称", exact: true }).fill("绿色玩具车");
  await page.getByRole("button", { name: "保存" }).click();

  await page.getByRole("button", { name: "绿色玩具车 的更多操作" }).click();
  await page.getByRole("menuitem", { name: "删除" }).click();
  const dialog = page.getByRole("dialog", { name: "删除“绿色玩具车”？" });
  await expect(dialog).toContainText("1 张原图会一起删掉，无法恢复。");
  await dialog.getByRole("button", { name: "删除" }).click();
  await expect(page.getByRole("link", { name: "打开 绿色玩具车" })).toHaveCount(0);
});

test("products are found by name, and all of them go at once when that is typed", async ({ page }) => {
  await openPhoto(page, "mug");
  await openPhoto(page, "watch");
  await page.goto("/");
  await page.getByRole("searchbox", { name: "按名称查找" }).fill("WATCH");
  await expect(page.getByRole("link", { name: "打开 watch" }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "打开 mug" })).toHaveCount(0);
  await page.getByRole("searchbox", { name: "按名称查找" }).fill("沙发");
  await expect(page.getByText("没有叫“沙发”的商品。")).toBeVisible();

  await page.goto("/settings");
  await page.getByRole("button", { name: "全部删除" }).click();
  const dialog = page.getByRole("dialog", { name: "全部删除" });
  await expect(dialog.getByRole("button", { name: "全部删除" })).toBeDisabled();
  await dialog.getByLabel("输入“删除”以继续").fill("删除");
  await dialog.getByRole("button", { name: "全部删除" }).click();
  await expect(dialog.getByText(/已删除全部/)).toBeVisible({ timeout: 60_000 });
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "放一张商品照片" })).toBeVisible();
});
