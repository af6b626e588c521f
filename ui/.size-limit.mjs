/** What each screen may load, counted as a browser loads it: with every chunk that its chunks import. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const page = join(import.meta.dirname, "../src/stillroom/page");
const assets = join(page, "assets");

/** A chunk with all that it imports at once; what it imports later, in parentheses, is another screen's. */
function withImports(chunk, seen = new Set()) {
  if (seen.has(chunk)) return seen;
  seen.add(chunk);
  const text = readFileSync(join(assets, chunk), "utf8");
  for (const [, imported] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
    withImports(imported, seen);
  return seen;
}

function chunkOf(name) {
  const chunk = readdirSync(assets).find((file) => file.startsWith(`${name}-`) && file.endsWith(".js"));
  if (!chunk) throw new Error(`No chunk is called ${name}; was it renamed?`);
  return chunk;
}

const addedBy = (name, ...before) => {
  const known = new Set(before.flat());
  return [...withImports(chunkOf(name))].filter((chunk) => !known.has(chunk));
};
const paths = (chunks) => chunks.map((chunk) => join(assets, chunk));

const first = [...withImports(chunkOf("first"))];
const studio = addedBy("studio-page", first);

export default [
  {
    name: "first screen, script",
    path: paths(first),
    gzip: true,
    limit: "140 kB",
  },
  { name: "first screen, page", path: join(page, "index.html"), gzip: true, limit: "1 kB" },
  { name: "first screen, style", path: join(assets, "index-*.css"), gzip: true, limit: "12 kB" },
  { name: "studio, added", path: paths(studio), gzip: true, limit: "90 kB" },
  {
    name: "export, added",
    path: paths(addedBy("export-dialog", first, studio)),
    gzip: true,
    limit: "20 kB",
  },
  {
    name: "cut-out correction, added",
    path: paths(addedBy("matte-screen", first, studio)),
    gzip: true,
    limit: "20 kB",
  },
];
