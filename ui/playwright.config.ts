import { defineConfig, devices } from "@playwright/test";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
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

/** Tests side by side, each with a server and a data folder of its own. */
const WORKERS = 2;
const indexes = [...Array(WORKERS).keys()];

/** A folder with an empty data folder for each worker, which borrows the weights of the repository's own. */
function newDataFolders(): string {
  const folder = mkdtempSync(join(tmpdir(), "stillroom-browser-"));
  const weights = resolve(import.meta.dirname, "..", "data/weights");
  for (const index of indexes) {
    mkdirSync(join(folder, String(index)));
    if (existsSync(weights)) symlinkSync(weights, join(folder, String(index), "weights"));
  }
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

// What the person who runs the tests has set for a studio of their own must not change what they prove.
for (const name of Object.keys(process.env)) {
  if (
    /^(STILLROOM|AI|READER|GEMINI|OPENAI|SORA|ARK|DASHSCOPE|AWS)_/.test(name) &&
    name !== "STILLROOM_CHROMIUM"
  ) {
    Reflect.deleteProperty(process.env, name);
  }
}

// Test processes load this file again; through the environment they learn what the first one chose.
process.env.BROWSER_TEST_PORTS ??= (await Promise.all(indexes.map(freePort))).join();
process.env.STILLROOM_CHROMIUM ??= await chromiumPath();
process.env.BROWSER_TEST_FOLDER ??= newDataFolders();
// For every server and command that a test starts: few are about cutting out well.
process.env.STILLROOM_MATTE_QUALITY = "fast";

const repository = resolve(import.meta.dirname, "..");
const ports = process.env.BROWSER_TEST_PORTS.split(",");
const dataOf = (index: number) => join(process.env.BROWSER_TEST_FOLDER ?? "", String(index));
// Playwright tells each test process which of them it is.
const own = Number(process.env.TEST_PARALLEL_INDEX ?? 0);
process.env.BROWSER_TEST_DATA = dataOf(own);
const chromium = process.env.STILLROOM_CHROMIUM;

const walk = ["**/walk.spec.ts", "**/restart.spec.ts"];

export default defineConfig({
  testDir: "tests/browser",
  // Test projects: `walk` is part of `make test`, `more` of `make test-long`; without `--project` both run.
  projects: [
    { name: "walk", testMatch: walk },
    { name: "more", testIgnore: walk },
  ],
  outputDir: "test-results",
  // Three times what a free machine of two cores takes. A test that fails soon would fail there for want of time alone.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: WORKERS,
  forbidOnly: Boolean(process.env.CI),
  // A machine shared with others may stall for seconds; a test that needed its second try is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    baseURL: `http://127.0.0.1:${ports[own]}`,
    viewport: { width: 1440, height: 900 },
    actionTimeout: 45_000, // what cannot be clicked fails with its reason, not with the whole test's time
    // A recording slows every step; CI makes one of a second try.
    trace: process.env.CI ? "on-first-retry" : "retain-on-failure",
    launchOptions: {
      executablePath: chromium,
      env: chromiumEnvironment(chromium),
      args: ["--no-sandbox"],
    },
  },
  webServer: ports.map((port, index) => ({
    command: `"${join(repository, ".venv/bin/stillroom")}" serve >"${join(repository, `ui/test-server-${index}.log`)}" 2>&1`,
    // Not in the repository, where an .env or a stillroom.toml may lie.
    cwd: dataOf(index),
    url: `http://127.0.0.1:${port}/health`,
    timeout: 120_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
    env: { STILLROOM_PORT: port, STILLROOM_DATA_DIR: dataOf(index) },
  })),
});
