/** A server of one test's own. */
import { expect } from "@playwright/test";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const repository = resolve(import.meta.dirname, "../../..");
const command = join(repository, ".venv/bin/stillroom");

/** A studio that one test may kill without harm to the others. */
export class Studio {
  private readonly data = mkdtempSync(join(tmpdir(), "stillroom-restart-"));
  private process: ChildProcess | null = null;
  private readonly settings: Record<string, string>;
  port = 0;

  constructor(settings: Record<string, string> = {}) {
    this.settings = settings;
  }

  async start(): Promise<void> {
    const weights = join(repository, "data/weights");
    if (existsSync(weights) && !existsSync(join(this.data, "weights"))) {
      symlinkSync(weights, join(this.data, "weights"));
    }
    this.port ||= await freePort();
    this.process = spawn(command, ["serve"], {
      cwd: this.data,
      stdio: "ignore",
      env: {
        ...process.env,
        STILLROOM_PORT: String(this.port),
        STILLROOM_DATA_DIR: this.data,
        ...this.settings,
      },
    });
    await expect
      .poll(
        () =>
          fetch(`${this.url}/health`).then(
            ({ ok }) => ok,
            () => false,
          ),
        { timeout: 120_000 },
      )
      .toBe(true);
  }

  /** What the command line answers for this studio's data. */
  run(...words: string[]): string {
    return execFileSync(command, words, {
      cwd: this.data,
      env: { ...process.env, STILLROOM_DATA_DIR: this.data, ...this.settings },
      encoding: "utf8",
    });
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
