import { expect, test } from "vitest";
import { en } from "./catalogues";

const files = import.meta.glob<string>(["/src/**/*.{ts,tsx}", "!/src/shared/i18n/messages/**"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const code = Object.values(files)
  .join("\n")
  // Long chains are broken before a dot.
  .replace(/\s+\.(?=\w)/g, ".");

function leaves(words: object, path: string[] = []): string[][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "object" && value !== null ? leaves(value, [...path, key]) : [[...path, key]],
  );
}

const searched = new Map<string, boolean>();

function isInCode(pattern: string): boolean {
  const isFound = searched.get(pattern) ?? new RegExp(pattern).test(code);
  searched.set(pattern, isFound);
  return isFound;
}

/** Read by its whole path, looked up in its group by a key of the moment, or read from a group that is handed on. */
function isRead(path: string[]): boolean {
  if (isInCode(`\\bt\\.${path.join("\\.")}\\b(?!-)`)) return true;
  return path.slice(0, -1).some((_, place) => {
    const group = `\\bt\\.${path.slice(0, place + 1).join("\\.")}`;
    if (isInCode(`${group}\\[|Object\\.\\w+\\(${group}\\)`)) return true;
    const [key, ...above] = path.slice(place + 1).toReversed();
    const isHandedOn = isInCode(`${group}\\s*[),;}]`);
    return isHandedOn && (isInCode(`\\.${key ?? ""}\\b`) || above.some((part) => isInCode(`\\.${part}\\[`)));
  });
}

test("every word of the page is said somewhere", () => {
  const dead = leaves(en).filter((path) => !isRead(path));
  expect(dead.map((path) => path.join("."))).toEqual([]);
}, 30_000);
