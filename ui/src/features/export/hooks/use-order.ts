/** Selected files with their fixes, label and names, and the measurements of each. */
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { useDebounced } from "@/shared/hooks/use-debounced";
import { exportFixes, overallVerdict, type Verdict } from "../checks";
import { tickedAtFirst } from "@/shared/recipe/presets";
import { measuredQuery, type FixId, type LabelLanguage } from "../queries";

/** Debounce in milliseconds before the files are measured again. */
const DEBOUNCE_MS = 200;

type Choices = {
  ticked: readonly string[];
  fixes: Readonly<Record<string, readonly FixId[]>>;
  label: LabelLanguage | null;
};

export function useOrder(
  variantId: string,
  config: Schemas["Config"],
  platform: string | null,
  patterns: Readonly<Record<string, string>>,
) {
  const [choices, setChoices] = useState<Choices>(() => ({
    ticked: tickedAtFirst(config, platform),
    fixes: {},
    label: null,
  }));
  const settled = useDebounced(choices, DEBOUNCE_MS);
  const optionsIn = ({ fixes, label }: Choices, preset: string) => ({ fixes: fixes[preset] ?? [], label });
  const measurement = (preset: string) =>
    measuredQuery(variantId, preset, optionsIn(settled, preset), patterns[preset] ?? null);
  const results = useQueries({ queries: settled.ticked.map(measurement) });
  const checks = new Map(
    settled.ticked.flatMap((id, i) =>
      choices.ticked.includes(id) ? [[id, (results[i]?.data ?? []).flatMap((file) => file.checks)]] : [],
    ) as [string, Schemas["Check"][]][],
  );
  const verdicts = new Map<string, Verdict | null>(
    [...checks].map(([id, list]) => [id, overallVerdict(list)]),
  );

  /** Failed rules that the export can fix itself, by preset. */
  const fixable = new Map([...checks].map(([id, list]) => [id, exportFixes(list, "fail")]));

  return {
    ticked: new Set(choices.ticked),
    label: choices.label,
    /** True while the selection is newer than the measurements. */
    isAhead: choices !== settled,
    verdicts,
    fixable,
    measurement,
    /** Options after the debounce: those that are measured and shown. */
    settledOptionsOf: (preset: string) => optionsIn(settled, preset),
    optionsOf: (preset: string) => optionsIn(choices, preset),
    toggle: (presets: readonly string[], on: boolean) =>
      setChoices((now) => {
        const others = now.ticked.filter((other) => !presets.includes(other));
        return { ...now, ticked: on ? [...others, ...presets] : others };
      }),
    fix: (preset: string, fixes: readonly FixId[]) =>
      setChoices((now) => ({
        ...now,
        fixes: { ...now.fixes, [preset]: [...new Set([...(now.fixes[preset] ?? []), ...fixes])] },
      })),
    /** Removes the fixes from the files of a preset. */
    removeFixes: (preset: string) => setChoices((now) => ({ ...now, fixes: { ...now.fixes, [preset]: [] } })),
    setLabel: (label: LabelLanguage | null) => setChoices((now) => ({ ...now, label })),
    /** Fixes by preset as selected; with `withFixes`, every available fix as well. */
    orders: (withFixes: boolean) =>
      new Map(
        choices.ticked.map((id) => {
          const { fixes } = optionsIn(choices, id);
          return [id, [...new Set([...fixes, ...(withFixes ? (fixable.get(id) ?? []) : [])])]];
        }),
      ),
  };
}
