import { defineConfig, devices } from "@playwright/test";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromiumEnvironment, chromiumPath } from "./build/chromium.ts";

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

/** An empty data folder that borrows the weights of the repository's own. */
function newDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "stillroom-browser-"));
  const weights = resolve(import.meta.dirname, "..", "data/weights");
  if (existsSync(weights)) symlinkSync(weights, join(folder, "weights"));
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

// What the person who runs the tests has set for a studio of their own must not change what they prove.
for (const name of Object.keys(process.env)) {
  if (/^(STILLROOM|AI|GEMINI|OPENAI|SORA|AWS)_/.test(name) && name !== "STILLROOM_CHROMIUM") {
    Reflect.deleteProperty(process.env, name);
  }
}

// Test processes load this file again; through the environment they learn what the first one chose.
process.env.BROWSER_TEST_PORT ??= String(await freePort());
process.env.STILLROOM_CHROMIUM ??= await chromiumPath();
process.env.BROWSER_TEST_DATA ??= newDataFolder();

const repository = resolve(import.meta.dirname, "..");
const port = process.env.BROWSER_TEST_PORT;
const data = process.env.BROWSER_TEST_DATA;
const chromium = process.env.STILLROOM_CHROMIUM;

export default defineConfig({
  testDir: "tests/browser",
  outputDir: "test-results",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // One server and often two cores: tests side by side would only measure each other.
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  // A machine shared with others may stall for seconds; a test that needed its second try is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: chromium,
      env: chromiumEnvironment(chromium),
      args: ["--no-sandbox"],
    },
  },
  webServer: {
    command: `"${join(repository, ".venv/bin/stillroom")}" serve >"${join(repository, "ui/test-server.log")}" 2>&1`,
    // Not in the repository, where an .env or a stillroom.toml may lie.
    cwd: data,
    url: `http://127.0.0.1:${port}/health`,
    timeout: 60_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
    env: { STILLROOM_PORT: port, STILLROOM_DATA_DIR: data },
  },
});
