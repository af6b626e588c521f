/** `npm run pictures`: every screen as a picture, to be looked at. No test; it only borrows their server. */
import { defineConfig } from "@playwright/test";
import tests from "../playwright.config.ts";

// To be looked at, so with the best network.
process.env.STILLROOM_MATTE_QUALITY = "best";

export default defineConfig(tests, {
  testDir: ".",
  projects: [{ name: "pictures", testMatch: "pictures.ts" }],
  outputDir: "../test-results",
  // Ten seconds a screen, and the time to make their content: a test that times out would make it again.
  timeout: 600_000,
});
