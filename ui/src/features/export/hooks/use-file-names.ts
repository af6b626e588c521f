/** File names that the user typed in this dialog, and the naming patterns saved earlier. */
import { useState } from "react";
import { useStored } from "@/shared/hooks/use-stored";
import { isUsable, patternOf } from "../names";

type Names = Readonly<Record<string, string>>;

const isNames = (value: unknown): value is Names =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((name) => typeof name === "string");

export function useFileNames(title: string) {
  const [patterns, keepPatterns] = useStored<Names>("export.names", {}, isNames);
  // Patterns at the time the dialog opened. A pattern saved while it is open must not trigger new measurements.
  const [atFirst] = useState(patterns);
  const [typed, setTyped] = useState<Names>({});
  return {
    patterns: atFirst,
    typed,
    type: (preset: string, name: string) => setTyped((now) => ({ ...now, [preset]: name })),
    /** True if all names of these files are valid. */
    areUsable: (presets: Iterable<string>) =>
      [...presets].every((preset) => typed[preset] === undefined || isUsable(typed[preset])),
    /** File names for these presets. */
    of: (presets: Iterable<string>): Names => {
      const all: Names = { ...atFirst, ...typed };
      return Object.fromEntries(
        [...presets].flatMap((preset) => (all[preset] === undefined ? [] : [[preset, all[preset]]])),
      );
    },
    /** Saves the pattern for the next product. */
    keep: () => {
      const kept = Object.entries(typed).flatMap(([preset, name]) => {
        const pattern = patternOf(name, title);
        return pattern === null ? [] : [[preset, pattern] as const];
      });
      if (kept.length) keepPatterns((now) => ({ ...now, ...Object.fromEntries(kept) }));
    },
  };
}
