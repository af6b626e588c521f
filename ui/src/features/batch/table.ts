/** CSV table that assigns item number, title and instruction to photos by file name. */

export type Row = { line: number; file: string; sku: string; title: string; prompt: string };

export type RowError = {
  line: number;
  file: string;
  why: "noFile" | "unknownFile" | "twice" | "skuTooLong" | "titleTooLong" | "promptTooLong";
};

type Limits = { sku: number; title: number; prompt: number };

/** Parses CSV text. Quoted cells may contain separators, line breaks and doubled quotes. */
export function cellsOf(text: string): string[][] {
  const head = text.slice(0, text.search(/\r?\n|$/));
  const separator = [",", ";", "\t"].reduce((best, mark) =>
    head.split(mark).length > head.split(best).length ? mark : best,
  );
  const rows: string[][] = [[]];
  const cell = new RegExp(`("(?:[^"]|"")*"|[^${separator}\\r\\n]*)(${separator}|\\r?\\n|\\r|$)`, "gy");
  for (let found = cell.exec(text); found; found = cell.exec(text)) {
    const [whole, content = "", end = ""] = found;
    const plain = content.startsWith('"') ? content.slice(1, -1).replaceAll('""', '"') : content;
    rows.at(-1)?.push(plain.trim());
    if (whole === "" || end === "") break;
    if (end !== separator) rows.push([]);
  }
  return rows;
}

/**
 * Returns the rows of a table, or null if it has no file name column. Falls back to GB 18030, which Chinese
 * spreadsheets write.
 */
export function rowsOf(bytes: Uint8Array): Row[] | null {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    text = new TextDecoder("gb18030").decode(bytes);
  }
  const [head, ...rows] = cellsOf(text.replace(/^\ufeff/, ""))
    .map((cells, index) => ({ cells, line: index + 1 }))
    .filter(({ cells }) => cells.some((value) => value !== ""));
  const names = head?.cells.map((name) => name.toLowerCase()) ?? [];
  if (!names.includes("file")) return null;
  return rows.map(({ cells, line }) => {
    // Spreadsheets need a leading apostrophe to read such a cell as text and not as a formula. It is not part of the
    // value.
    const cell = (name: string) => (cells[names.indexOf(name)] ?? "").replace(/^'(?=[=+\-@])/, "");
    return { line, file: cell("file"), sku: cell("sku"), title: cell("title"), prompt: cell("prompt") };
  });
}

const plainName = (name: string) => name.toLowerCase().replace(/^.*[/\\]/, "");
const stem = (name: string) => plainName(name).replace(/\.[^.]+$/, "");

/**
 * Matches rows to photos by file name. Returns each photo's row by photo id, and the rejected rows with their
 * reasons.
 */
export function matchRows(
  rows: readonly Row[],
  photos: readonly { id: string; name: string }[],
  limits: Limits,
): { byPhoto: Map<string, Row>; errors: RowError[] } {
  const byPhoto = new Map<string, Row>();
  const errors: RowError[] = [];
  for (const row of rows) {
    const refuse = (why: RowError["why"]) => errors.push({ line: row.line, file: row.file, why });
    const photo =
      photos.find(({ name }) => plainName(name) === plainName(row.file)) ??
      photos.find(({ name }) => stem(name) === stem(row.file));
    if (row.file === "") refuse("noFile");
    else if (!photo) refuse("unknownFile");
    else if (byPhoto.has(photo.id)) refuse("twice");
    else if (row.sku.length > limits.sku) refuse("skuTooLong");
    else if (row.title.length > limits.title) refuse("titleTooLong");
    else if (row.prompt.length > limits.prompt) refuse("promptTooLong");
    else byPhoto.set(photo.id, row);
  }
  return { byPhoto, errors };
}
