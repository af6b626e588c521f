/** A server of one test's own. */
import { expect } from "@playwright/test";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
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

/** A reader model on the wire of chat completions: it sees a watch in every photo and describes every picture alike. */
export async function startReader(altText: string): Promise<{ url: string; stop: () => void }> {
  const seen = { name_zh: "手表", name_en: "Watch", category: "watch", bbox_2d: [200, 200, 800, 800] };
  const described = { title_zh: "手表", title_en: "Watch", alt_zh: altText, alt_en: altText };
  const server = createHttpServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      // The question about a picture to describe is itself a JSON object.
      const isDescription = /"text":\s*"\{/.test(body);
      const content = JSON.stringify(isDescription ? described : { ...seen, materials: [], label_text: "" });
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          id: "chatcmpl-1",
          object: "chat.completion",
          created: 1,
          model: "watcher-1",
          choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        }),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, stop: () => server.close() };
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
