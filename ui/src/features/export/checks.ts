/** Export checks: order by urgency, counts, and confidence of the rules. */
import type { Schemas } from "@/api/client";

type Check = Schemas["Check"];
type FixId = Schemas["FixId"];
export type Verdict = Schemas["Verdict"];

const order: readonly Verdict[] = ["fail", "warn", "manual", "pass"];

export const sorted = (checks: readonly Check[]): Check[] =>
  checks.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));

/**
 * Returns the verdict for a whole file, or null if nothing was checked. Rules that only a person can judge do not
 * count. A measured figure that a person must confirm, because the cut-out may be wrong, is no pass.
 */
export function overallVerdict(checks: readonly Check[]): Verdict | null {
  const measured = checks.filter(({ verdict, measured: figure }) => verdict !== "manual" || figure !== null);
  return sorted(measured)[0]?.verdict ?? null;
}

/** Action that a check asks of the user. */
export type Concern = "fix" | "look" | "pass";

const concerns: Record<Verdict, Concern> = { fail: "fix", warn: "look", manual: "look", pass: "pass" };

/** Groups checks by action, most urgent first; empty groups are left out. */
export function groupedBy(checks: readonly Check[]): Map<Concern, Check[]> {
  const groups = new Map<Concern, Check[]>();
  for (const check of sorted(checks)) {
    const concern = concerns[check.verdict];
    groups.set(concern, [...(groups.get(concern) ?? []), check]);
  }
  return groups;
}

/** Fixes that the export applies itself, for checks with these verdicts. */
export const exportFixes = (checks: readonly Check[], ...verdicts: Verdict[]): FixId[] => [
  ...new Set(
    checks.flatMap(({ verdict, fix }) =>
      verdicts.includes(verdict) && fix?.kind === "export" ? [fix.id] : [],
    ),
  ),
];

export const countOf = (checks: readonly Check[], verdict: Verdict) =>
  checks.filter((check) => check.verdict === verdict).length;

/** Returns the lowest confidence grade of the rules for the tag; null if all rules quote the shop. */
export function lowestGrade(checks: readonly Check[]): "B" | "C" | null {
  const grades = checks.map(({ grade }) => grade);
  return grades.includes("C") ? "C" : grades.includes("B") ? "B" : null;
}

export const checkedOn = (checks: readonly Check[]): string | null =>
  checks
    .map((check) => check.checked_on)
    .toSorted()
    .at(-1) ?? null;

type Source = {
  rules: Schemas["Words"][];
  source: string;
  grade: Schemas["Check"]["grade"];
  date: string;
};

/** Sources of the rules, each with its rules. Stillroom's own advice has no source. */
export function sourcesOf(checks: readonly Check[]): Source[] {
  const sources = new Map<string, Source>();
  for (const { title, source, grade, checked_on: date } of checks) {
    if (grade === null) continue;
    const known = sources.get(source);
    if (known) known.rules.push(title);
    else sources.set(source, { rules: [title], source, grade, date });
  }
  return [...sources.values()];
}
