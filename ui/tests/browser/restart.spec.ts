import { expect, test } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { candidates, FIRST_JOB_MS, openPhoto, slots } from "./studio";

const repository = resolve(import.meta.dirname, "../../..");

/** A studio that one test may kill without harm to the others. */
class Studio {
  private readonly data = mkdtempSync(join(tmpdir(), "stillroom-restart-"));
  private process: ChildProcess | null = null;
  port = 0;

  async start(): Promise<void> {
    const weights = join(repository, "data/weights");
    if (existsSync(weights) && !existsSync(join(this.data, "weights"))) {
      symlinkSync(weights, join(this.data, "weights"));
    }
    this.port ||= await freePort();
    this.process = spawn(join(repository, ".venv/bin/stillroom"), ["serve"], {
      cwd: this.data,
      stdio: "ignore",
      env: {
        ...process.env,
        STILLROOM_PORT: String(this.port),
        STILLROOM_DATA_DIR: this.data,
        STILLROOM_LEASE_SECONDS: "3",
      },
    });
    await expect
      .poll(
        () =>
          fetch(`${this.url}/health`).then(
            ({ ok }) => ok,
            () => false,
          ),
        { timeout: 60_000 },
      )
      .toBe(true);
  }

  /** As when the power goes: nothing is told, nothing is put in order. */
  async kill(): Promise<void> {
    const gone = new Promise((done) => this.process?.once("exit", done));
    this.process?.kill("SIGKILL");
    await gone;
  }

  async remove(): Promise<void> {
    if (this.process?.exitCode === null && this.process.signalCode === null) await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}

test("a server killed in the middle of a job and started again: the open page goes on, no picture twice", async ({
  browser,
}) => {
  test.setTimeout(3 * FIRST_JOB_MS);
  const studio = new Studio();
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

    await expect(page.getByText("Reconnecting; the job goes on")).toBeVisible({ timeout: 20_000 });
    await expect(candidates(page).first()).toHaveAttribute("data-slot", first ?? "");

    await studio.start();
    await expect(candidates(page)).toHaveCount(4, { timeout: FIRST_JOB_MS });
    await expect(page.getByRole("button", { name: "Stop the rest" })).toHaveCount(0);
    await expect(slots(page)).toHaveCount(4);
    await expect(candidates(page).first()).toHaveAttribute("data-slot", first ?? "");

    const session = page.url().split("/").at(-1) ?? "";
    const kept = (await (await page.request.get(`/session/${session}`)).json()) as {
      jobs: { status: string }[];
      variants: { ordinal: number }[];
    };
    expect(kept.jobs.map(({ status }) => status)).toEqual(["succeeded"]);
    expect(kept.variants.map(({ ordinal }) => ordinal).toSorted()).toEqual([1, 2, 3, 4]);
    await context.close();
  } finally {
    await studio.remove();
  }
});
