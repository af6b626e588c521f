/** Puts Swagger UI, from its npm package, into the built page under docs/. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const FROM_PACKAGE = ["swagger-ui.css", "swagger-ui-bundle.js", "LICENSE", "NOTICE"];
const OURS = ["index.html", "start.js"];

export function apiDocs(): Plugin {
  return {
    name: "stillroom-api-docs",
    apply: "build",
    generateBundle() {
      const dist = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
      const ours = join(import.meta.dirname, "..", "swagger");
      const files = [
        ...FROM_PACKAGE.map((name) => [dist, name]),
        ...OURS.map((name) => [ours, name]),
      ] as const;
      for (const [folder, name] of files as readonly (readonly [string, string])[]) {
        this.emitFile({ type: "asset", fileName: `docs/${name}`, source: readFileSync(join(folder, name)) });
      }
    },
  };
}
