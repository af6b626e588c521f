import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { FIRST_JOB_MS, openPhoto, optimise } from "./studio";

test("files are named, labelled, and made as they were shown", async ({ page }) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const dialog = page.getByRole("dialog");
  const name = dialog.getByRole("textbox", { name: "File name" });
  await expect(name).toHaveValue(/^mug_web-/);

  // The preview is the server's own rendering of the file.
  await expect(dialog.getByRole("img", { name: "File preview" })).toHaveAttribute(
    "src",
    /^\/export\/preview\?/,
  );
  await dialog.getByRole("checkbox", { name: /AI generated/ }).check();
  await expect(dialog.getByRole("img", { name: "File preview" })).toHaveAttribute("src", /label=en/);
  await dialog.getByRole("checkbox", { name: /AI generated/ }).uncheck();

  await dialog.getByRole("checkbox", { name: "Web 1080" }).uncheck();
  await dialog.getByRole("checkbox", { name: "Web 1500" }).uncheck();
  await dialog.getByRole("checkbox", { name: "Web AVIF" }).check();
  await name.fill("mug/front");
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(dialog.getByRole("button", { name: "Export 1 file" })).toBeDisabled();
  await name.fill("mug front");

  const one = page.waitForEvent("download", { timeout: 60_000 });
  await dialog.getByRole("button", { name: "Export 1 file" }).click();
  expect((await one).suggestedFilename()).toBe("mug front.avif");
  await expect(dialog.getByRole("link", { name: /Download Web AVIF/ })).toBeVisible();

  // Without a reader model nothing is suggested, but the words are written by hand and go with the files.
  await dialog.getByRole("button", { name: "Alt text and title" }).click();
  await expect(dialog.getByRole("button", { name: /^Suggest/ })).toHaveCount(0);
  const altText = dialog.getByRole("textbox", { name: "Alt text" });
  await altText.fill("A beige mug on white");
  await dialog.getByRole("checkbox", { name: "Web 1080" }).check();
  const several = page.waitForEvent("download", { timeout: 60_000 });
  await dialog.getByRole("button", { name: "Export 3 files" }).click();
  const archive = await several;
  expect(archive.suggestedFilename()).toBe("stillroom.zip");
  const bytes = await readFile(await archive.path());
  expect(bytes.toString("utf8")).toMatch(/manifest\.csv[^]*A beige mug on white/);
  await page.reload();

  // The next time, the name is made after the same pattern.
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await dialog.getByRole("checkbox", { name: "Web AVIF" }).check();
  await expect(name).toHaveValue("mug front");
  await expect(altText).toHaveValue("A beige mug on white");
});

test("one press fixes what the shop may refuse, the file is made so, and one press takes it back", async ({
  page,
}) => {
  test.setTimeout(2 * FIRST_JOB_MS);
  await openPhoto(page, "mug");
  await optimise(page, "Optimise");
  await page.getByLabel("Platform").selectOption({ label: "Amazon" });
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const dialog = page.getByRole("dialog");
  const shadow = dialog.getByRole("button", { name: "Remove the shadow" });
  await expect(shadow).toBeVisible({ timeout: 60_000 });
  await dialog.getByRole("button", { name: /^Fix (it|all)/ }).click();
  await expect(dialog.getByRole("img", { name: "File preview" })).toHaveAttribute(
    "src",
    /fixes=remove_shadow/,
  );
  await expect(shadow).toHaveCount(0);
  await expect(dialog.getByRole("button", { name: /^Fix (it|all)/ })).toHaveCount(0);

  const isMade = (body: unknown) => !(body as { dry_run: boolean }).dry_run;
  const answer = page.waitForResponse(
    (response) => response.url().endsWith("/export") && isMade(response.request().postDataJSON()),
  );
  const file = page.waitForEvent("download", { timeout: 60_000 });
  await dialog.getByRole("button", { name: /^Export \d file/ }).click();
  const { exports } = (await (await answer).json()) as {
    exports: { checks: { rule: string; verdict: string }[] }[];
  };
  const ground = exports.flatMap(({ checks }) => checks).find(({ rule }) => rule === "white_ground");
  expect(ground?.verdict).toBe("pass");
  expect((await readFile(await (await file).path())).length).toBeGreaterThan(10_000);

  await dialog.getByRole("button", { name: /^Undo the fix/ }).click();
  await expect(shadow).toBeVisible();
});
