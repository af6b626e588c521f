/** Which files are wanted, with which remedies, and what was measured on each. */
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { worstOf, type Verdict } from "../checks";
import { tickedAtFirst } from "../presets";
import { measuredQuery, type FixId } from "../queries";

type Fixes = Readonly<Record<string, readonly FixId[]>>;

export function useOrder(variantId: string, config: Schemas["Config"], platform: string | null) {
  const [ticked, setTicked] = useState<readonly string[]>(() => tickedAtFirst(config, platform));
  const [fixes, setFixes] = useState<Fixes>({});
  const fixesOf = (preset: string) => fixes[preset] ?? [];
  const results = useQueries({ queries: ticked.map((id) => measuredQuery(variantId, id, fixesOf(id))) });
  const checks = new Map(
    ticked.map((id, i) => [id, (results[i]?.data ?? []).flatMap((file) => file.checks)]),
  );
  const verdicts = new Map<string, Verdict | null>([...checks].map(([id, list]) => [id, worstOf(list)]));

  /** Broken rules that this export itself can mend, by preset. */
  const mendable = new Map<string, FixId[]>();
  for (const [id, list] of checks) {
    const ids = list.flatMap(({ verdict, fix }) =>
      verdict === "fail" && fix?.kind === "export" ? [fix.id] : [],
    );
    if (ids.length) mendable.set(id, [...new Set(ids)]);
  }

  return {
    ticked: new Set(ticked),
    verdicts,
    mendable,
    fixesOf,
    toggle: (preset: string, on: boolean) =>
      setTicked((now) => (on ? [...now, preset] : now.filter((other) => other !== preset))),
    mend: (preset: string, fix: FixId) =>
      setFixes((now) => ({ ...now, [preset]: [...new Set([...(now[preset] ?? []), fix])] })),
    /** Fixes per preset as ordered; with `mended`, also what is broken and can be put right. */
    orders: (mended: boolean) =>
      new Map(
        ticked.map((id) => [id, [...new Set([...fixesOf(id), ...(mended ? (mendable.get(id) ?? []) : [])])]]),
      ),
  };
}
