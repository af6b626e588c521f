/** `npm run budgets`: how fast the page is, against what it may take. No test; it only borrows their server. */
import { defineConfig } from "@playwright/test";
import tests from "../playwright.config.ts";

export default defineConfig(tests, {
  testDir: ".",
  projects: [{ name: "budgets", testMatch: "budgets.ts" }],
  outputDir: "../test-results",
  timeout: 600_000,
  workers: 1,
  reporter: "line",
  use: { trace: "off" },
});
