/** Knows which Chromium the browser tests drive and what it needs to start; it never downloads one. */
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const UNPACKED = join(import.meta.dirname, "../node_modules/.cache/chromium");

/** The first of STILLROOM_CHROMIUM, a Chromium on PATH, and the one unpacked from @sparticuz/chromium. */
export async function chromiumPath(): Promise<string> {
  const chosen = process.env.STILLROOM_CHROMIUM ?? onPath();
  if (chosen) return chosen;
  try {
    return await unpack();
  } catch (cause) {
    throw new Error(
      "No Chromium for the browser tests. Install one (Debian: apt-get install chromium) " +
        "or set STILLROOM_CHROMIUM to the path of a Chromium.",
      { cause },
    );
  }
}

/** The environment to launch it in: the unpacked one brings the libraries and fonts a bare system lacks. */
export function chromiumEnvironment(path: string): Record<string, string> {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  if (path.startsWith(UNPACKED)) {
    environment.LD_LIBRARY_PATH = join(UNPACKED, "al2023/lib");
    if (!existsSync("/etc/fonts/fonts.conf")) environment.FONTCONFIG_PATH = join(UNPACKED, "fonts");
  }
  return environment;
}

function onPath(): string | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of NAMES) {
      const candidate = join(folder, name);
      try {
        accessSync(candidate, constants.X_OK);
        return candidate;
      } catch {
        // Not here: look in the next place.
      }
    }
  }
  return undefined;
}

async function unpack(): Promise<string> {
  mkdirSync(UNPACKED, { recursive: true });
  const kept = { ...process.env };
  // The package unpacks into the temporary folder, and its own NSS only where it believes to be a cloud function.
  process.env.TMPDIR = UNPACKED;
  process.env.AWS_LAMBDA_JS_RUNTIME = "20.x";
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    return await packed.executablePath();
  } finally {
    for (const name of ["TMPDIR", "AWS_LAMBDA_JS_RUNTIME", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "HOME"]) {
      if (kept[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = kept[name];
    }
  }
}
