/** Moves that several tests make. */
import { expect, type Page } from "@playwright/test";
import { resolve } from "node:path";

/** The first job of a fresh server may fetch the cut-out network before it begins. */
export const FIRST_JOB_MS = 90_000;

/** A busy machine may take long to send and read a photo. */
export const UPLOAD_MS = 60_000;

export const photo = (name: string) => resolve(import.meta.dirname, `../../public/samples/${name}.jpg`);

/** Uploads one of the shipped photos and waits for its studio; the product is named as the file. */
export async function openPhoto(page: Page, name: string): Promise<void> {
  await page.goto("/");
  await page.getByTestId("photo-picker").setInputFiles(photo(name));
  await page.waitForURL(/\/studio\/ses_/, { timeout: UPLOAD_MS });
}

/**
 * Deletes every product, so that the first screen is as it is on the first day. No page looks on: one that still asks
 * for a picture of a product that has just gone gets a 404.
 */
export async function emptyLibrary(page: Page): Promise<void> {
  await page.goto("about:blank");
  const list = (await (await page.request.get("/session?limit=100")).json()) as { items: { id: string }[] };
  for (const { id } of list.items) expect((await page.request.delete(`/session/${id}`)).ok()).toBe(true);
  await page.goto("/");
}

/** Deletes every own backdrop: those of an earlier try would be drawn and counted too. */
export async function emptyBackdrops(page: Page): Promise<void> {
  const list = (await (await page.request.get("/backdrop")).json()) as { items: { id: string }[] };
  for (const { id } of list.items) expect((await page.request.delete(`/backdrop/${id}`)).ok()).toBe(true);
}

const tray = (page: Page) => page.getByRole("listbox");

export const slots = (page: Page) => tray(page).getByRole("option");
export const candidates = (page: Page) => tray(page).getByRole("option", { disabled: false });

export async function optimise(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click({ timeout: 10_000 });
  await expect(candidates(page)).toHaveCount(3, { timeout: FIRST_JOB_MS });
}
