import { defineConfig, devices } from "@playwright/test";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromiumPath } from "./build/chromium.ts";

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? done(address.port) : fail(new Error("no port")),
      );
    });
  });
}

// Test processes load this file again; through the environment they learn what the first one chose.
process.env.STILLROOM_TEST_PORT ??= String(await freePort());
process.env.STILLROOM_TEST_DATA ??= mkdtempSync(join(tmpdir(), "stillroom-browser-"));
process.env.STILLROOM_CHROMIUM ??= await chromiumPath();

const port = process.env.STILLROOM_TEST_PORT;
const program = process.env.STILLROOM_TEST_PROGRAM ?? resolve(import.meta.dirname, "../.venv/bin/stillroom");

export default defineConfig({
  testDir: "tests/browser",
  outputDir: "test-results",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // One server and often two cores: tests side by side would only measure each other.
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    launchOptions: { executablePath: process.env.STILLROOM_CHROMIUM, args: ["--no-sandbox"] },
  },
  webServer: {
    command: `"${program}" serve`,
    url: `http://127.0.0.1:${port}/health`,
    timeout: 60_000,
    stdout: "ignore",
    stderr: "pipe",
    gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
    env: { STILLROOM_PORT: port, STILLROOM_DATA_DIR: process.env.STILLROOM_TEST_DATA },
  },
});
