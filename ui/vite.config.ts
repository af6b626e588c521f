import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { apiDocs } from "./build/api-docs.ts";

const server = process.env.DEV_SERVER ?? "http://127.0.0.1:8000";
const apiPaths =
  "^/(login|logout|upload|image|backdrop|session|instruction|preview|edit|refine|job|variant|export|recipe|batch|webhook|stream|config|usage|golden|health|version|metrics|docs|openapi\\.json)(/|\\?|$)";

export default defineConfig({
  plugins: [react(), tailwindcss(), apiDocs()],
  resolve: { alias: { "@": resolve(import.meta.dirname, "src") } },
  build: {
    outDir: "../src/stillroom/page",
    emptyOutDir: true,
    // Every Chromium, Firefox and Safari since spring 2023.
    target: "es2022",
    license: { fileName: "licenses.md" },
    rolldownOptions: {
      output: {
        // size-limit finds the first screen's files by these names.
        entryFileNames: "assets/first-[hash].js",
        chunkFileNames: "assets/[name]-[hash].js",
      },
    },
  },
  server: {
    host: "127.0.0.1",
    port: 5173,
    strictPort: true,
    // Tests hold the page's codes against the server's.
    fs: { allow: [".", "../docs", "../src/stillroom"] },
    proxy: {
      [apiPaths]: {
        target: server,
        changeOrigin: true,
        // The server accepts changes only from its own origin, and the proxy stands for it.
        headers: { origin: server },
      },
    },
  },
  test: {
    setupFiles: ["./vitest.setup.ts"],
    restoreMocks: true,
    unstubGlobals: true,
    testTimeout: 20_000,
    passWithNoTests: false,
    projects: [
      // A process or a document takes longer than the tests of most files, so most share theirs, and the page's modules.
      {
        extends: true,
        test: {
          name: "components",
          environment: "jsdom",
          isolate: false,
          include: tests("test.tsx"),
          exclude: tests("alone.test.tsx"),
        },
      },
      // Files that replace a module, or need one as it is when the page opens, have all to themselves.
      { extends: true, test: { name: "alone", environment: "jsdom", include: tests("alone.test.tsx") } },
      // Tests of modules that need a document say so in their first line.
      {
        extends: true,
        test: { name: "modules", environment: "node", isolate: false, include: tests("test.ts") },
      },
    ],
  },
});

function tests(ending: string): string[] {
  return ["src", "tests/unit"].map((folder) => `${folder}/**/*.${ending}`);
}
