import { expect, test } from "@playwright/test";
import { Studio } from "./server";
import { candidates, FIRST_JOB_MS, openPhoto, slots } from "./studio";

test("a server killed in the middle of a job and started again: the open page goes on, no picture twice", async ({
  browser,
}) => {
  test.setTimeout(3 * FIRST_JOB_MS);
  // A store this slow keeps the job under way for as long as the test needs to get at the server.
  const studio = new Studio({ STILLROOM_LEASE_SECONDS: "3", STILLROOM_FAULTS: "storage.put=slow:1" });
  await studio.start();
  try {
    const context = await browser.newContext({ baseURL: studio.url, locale: "en-US" });
    const page = await context.newPage();
    await openPhoto(page, "watch");
    await page.getByRole("radio", { name: "4", exact: true }).check();
    await page.getByRole("button", { name: "Optimise" }).click();
    await expect(candidates(page).first()).toBeVisible({ timeout: FIRST_JOB_MS });
    const first = await candidates(page).first().getAttribute("data-slot");
    await studio.kill();

    await expect(page.getByText("Reconnecting; the job goes on")).toBeVisible({ timeout: 40_000 });
    await expect(candidates(page).first()).toHaveAttribute("data-slot", first ?? "");

    await studio.start();
    await expect(page.getByText("The server restarted; the job goes on")).toBeVisible({ timeout: 40_000 });
    await expect(candidates(page)).toHaveCount(4, { timeout: FIRST_JOB_MS });
    await expect(page.getByRole("button", { name: /^Stop/ })).toHaveCount(0);
    await expect(slots(page)).toHaveCount(4);
    await expect(candidates(page).first()).toHaveAttribute("data-slot", first ?? "");

    const session = page.url().split("/").at(-1) ?? "";
    const kept = (await (await page.request.get(`/session/${session}`)).json()) as {
      jobs: { status: string }[];
      variants: { ordinal: number }[];
    };
    expect(kept.jobs.map(({ status }) => status)).toEqual(["succeeded"]);
    expect(kept.variants.map(({ ordinal }) => ordinal).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    await context.close();
  } finally {
    await studio.remove();
  }
});
