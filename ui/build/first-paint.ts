/**
 * Puts into the page what shows the home screen before React is there: a script that runs first, and templates for what
 * it draws. The script stands in the page itself, for which the security policy must name its hash; the server finds the
 * policy beside the page.
 */
import react from "@vitejs/plugin-react";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { build, runnerImport, type InlineConfig, type Plugin, type Rolldown } from "vite";

const root = join(import.meta.dirname, "..");
const folder = join(root, "src/app/first-paint");
const config = {
  root,
  configFile: false,
  logLevel: "error",
  resolve: { alias: { "@": join(root, "src") } },
  plugins: [react()],
} satisfies InlineConfig;

async function script(): Promise<string> {
  const built = await build({
    ...config,
    publicDir: false,
    build: {
      write: false,
      minify: true,
      target: "es2022",
      lib: { entry: join(folder, "script.ts"), formats: ["iife"], name: "first" },
    },
  });
  const [bundle] = [built].flat();
  if (!bundle || !("output" in bundle)) throw new Error("a script was expected");
  return bundle.output[0].code.trim();
}

async function templates(): Promise<string> {
  // What the page's modules ask of a browser while they are read.
  const browser = { window: { location: new URL("http://localhost/") } };
  Object.assign(globalThis, browser);
  try {
    const { module } = await runnerImport<{ templates: () => string }>(join(folder, "markup.tsx"), config);
    return module.templates();
  } finally {
    Reflect.deleteProperty(globalThis, "window");
  }
}

/** React and the first screen, which the page's own script would only ask for when it has come itself. */
function preloads(bundle: Rolldown.OutputBundle): string {
  const found = new Set<string>();
  const add = (name: string) => {
    const chunk = bundle[name];
    if (chunk?.type !== "chunk" || found.has(name)) return;
    if (!chunk.isEntry) found.add(name);
    chunk.imports.forEach(add);
  };
  const start = Object.values(bundle).find((file) => file.type === "chunk" && file.name === "start");
  if (start) add(start.fileName);
  return [...found].map((name) => `  <link rel="modulepreload" crossorigin href="/${name}">\n  `).join("");
}

export function firstPaint(): Plugin {
  let made: Promise<[string, string]> | null = null;
  const make = () => (made ??= Promise.all([script(), templates()]));
  return {
    name: "stillroom-first-paint",
    handleHotUpdate() {
      made = null;
    },
    transformIndexHtml: {
      order: "post",
      async handler(html, { bundle }) {
        const [code, markup] = await make();
        return (
          html
            // Before any style: a script in the page would wait for those above it.
            .replace('<meta charset="utf-8" />', (place) => `${place}\n    <script>${code}</script>`)
            .replace("</head>", (place) => `${preloads(bundle ?? {})}${place}`)
            .replace('<div id="root"></div>', (place) => `${place}\n${markup}`)
        );
      },
    },
    async generateBundle() {
      const [code] = await make();
      const hash = createHash("sha256").update(code).digest("base64");
      this.emitFile({ type: "asset", fileName: "script-src.txt", source: `'self' 'sha256-${hash}'\n` });
    },
  };
}
