/** Moves that several tests make. */
import { expect, type Page } from "@playwright/test";

/** The first job of a fresh server may fetch the cut-out network before it begins. */
export const FIRST_JOB_MS = 90_000;

export async function openSample(page: Page, name: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name, exact: true }).click();
  await page.waitForURL(/\/studio\/ses_/);
}

export const candidates = (page: Page) => page.getByRole("listbox").getByRole("option", { disabled: false });

export async function optimise(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
  await expect(candidates(page)).toHaveCount(3, { timeout: FIRST_JOB_MS });
}
