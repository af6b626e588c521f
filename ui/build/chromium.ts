/** Knows which Chromium the browser tests drive; it never downloads one. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

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

/** The first of STILLROOM_CHROMIUM, a Chromium on PATH, and the one unpacked from @sparticuz/chromium. */
export async function chromiumPath(): Promise<string> {
  const chosen = process.env.STILLROOM_CHROMIUM ?? onPath();
  if (chosen) return chosen;
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    return await packed.executablePath();
  } catch (cause) {
    throw new Error(
      "No Chromium for the browser tests. Install one (Debian: apt-get install chromium) " +
        "or set STILLROOM_CHROMIUM to the path of a Chromium.",
      { cause },
    );
  }
}
