/** `npm run pictures`: every screen as a picture, to be looked at. No test; it only borrows their server. */
import { defineConfig } from "@playwright/test";
import tests from "../playwright.config.ts";

export default defineConfig(tests, {
  testDir: ".",
  testMatch: "pictures.ts",
  outputDir: "../test-results",
  timeout: 240_000,
});
