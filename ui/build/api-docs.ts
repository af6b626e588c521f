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
      const copy = (folder: string, name: string) =>
        this.emitFile({ type: "asset", fileName: `docs/${name}`, source: readFileSync(join(folder, name)) });
      for (const name of FROM_PACKAGE) copy(dist, name);
      for (const name of OURS) copy(ours, name);
    },
  };
}
