/** The names that the user gave to files of this dialog, and the patterns kept from earlier ones. */
import { useState } from "react";
import { useStored } from "@/shared/hooks/use-stored";
import { isUsable, patternOf } from "../names";

type Names = Readonly<Record<string, string>>;

const isNames = (value: unknown): value is Names =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((name) => typeof name === "string");

export function useNames(title: string) {
  const [patterns, keepPatterns] = useStored<Names>("export.names", {}, isNames);
  // As they were when the dialog opened: what is kept while it is open must not measure everything anew.
  const [atFirst] = useState(patterns);
  const [typed, setTyped] = useState<Names>({});
  return {
    patterns: atFirst,
    typed,
    type: (preset: string, name: string) => setTyped((now) => ({ ...now, [preset]: name })),
    /** Whether all the names of these files can be used. */
    areUsable: (presets: Iterable<string>) =>
      [...presets].every((preset) => typed[preset] === undefined || isUsable(typed[preset])),
    /** What to call the files of these presets. */
    of: (presets: Iterable<string>): Names => {
      const all: Names = { ...atFirst, ...typed };
      return Object.fromEntries(
        [...presets].flatMap((preset) => (all[preset] === undefined ? [] : [[preset, all[preset]]])),
      );
    },
    /** For the next product. */
    keep: () => {
      const kept = Object.entries(typed).flatMap(([preset, name]) => {
        const pattern = patternOf(name, title);
        return pattern === null ? [] : [[preset, pattern] as const];
      });
      if (kept.length) keepPatterns({ ...patterns, ...Object.fromEntries(kept) });
    },
  };
}
