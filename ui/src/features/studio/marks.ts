/** Quality marks: figures of a picture, and the server's reasons to look at it. */
import type { Variant, Schemas } from "@/api/client";
import { figure } from "@/shared/format";
import { isUnverified } from "@/shared/verified";

/** The server's reasons to check the cut-out. */
const doubts = [
  "not_found",
  "cut_off",
  "looks_differ",
  "soft",
  "leaves_crop",
  "no_network",
  "doubted",
] as const;
type Doubt = (typeof doubts)[number];

type MarkName =
  | Doubt
  | "protected_delta_e"
  | "light_shift_deg"
  | "kelvin_shift"
  | "perspective_deg"
  | "logo_shift_px"
  | "subject"
  | "edge_confidence"
  | "quality";

/** Properties that a new turn can restore. */
export type Fix = "product" | "light" | "tone" | "perspective" | "logo";

/**
 * `value` is null if the measurement failed, and empty if the name says everything. A mark out of its limits may have
 * a fix. `plain` is within its limits, but means little because the cut-out may be wrong.
 */
export type Mark = {
  name: MarkName;
  value: string | null;
  verdict: "good" | "asked" | "look" | "plain";
  /** Limit of the mark, formatted like its value; empty if there is none. */
  limit: string;
  fix?: Fix;
};

type Limits = Schemas["Marks"];
type Measures = Readonly<Record<string, unknown>>;

/** A plan that changes one of `parts` has asked for this drift. */
const drifts: { name: MarkName; parts: readonly string[]; fix: Fix; show: (n: number) => string }[] = [
  { name: "protected_delta_e", parts: [], fix: "product", show: (n) => figure(n) },
  { name: "light_shift_deg", parts: ["light"], fix: "light", show: (n) => `${figure(n, 0)}°` },
  { name: "kelvin_shift", parts: ["tone"], fix: "tone", show: (n) => `${figure(n, 0)} K` },
  { name: "perspective_deg", parts: ["framing", "detail"], fix: "perspective", show: (n) => `${figure(n)}°` },
  { name: "logo_shift_px", parts: [], fix: "logo", show: (n) => `${figure(n)} px` },
];

const scores: { name: MarkName; show: (n: number) => string }[] = [
  { name: "edge_confidence", show: (n) => `${Math.floor(n * 100)}%` },
  { name: "quality", show: (n) => `${Math.round(n * 100)}` },
];

const numberIn = (measures: Measures, name: string): number | null => {
  const value = measures[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
};
const listIn = (measures: Measures, name: string): readonly unknown[] => {
  const value = measures[name];
  return Array.isArray(value) ? value : [];
};

/** Returns the server's doubts about the cut-out. All other figures depend on the cut-out. */
export function doubtsOf(measures: Measures): Doubt[] {
  if (measures.needs_review !== true) return [];
  const reasons = [
    ...listIn(measures, "matte_doubts"),
    ...(listIn(measures, "cut_sides").length > 0 ? ["cut_off"] : []),
  ];
  const known = doubts.filter((doubt) => reasons.includes(doubt));
  return known.length > 0 ? known : ["doubted"];
}

/** True if a corrected cut-out would fix the mark. A product cropped by the photo cannot be restored. */
export const isOfCutOut = ({ name, verdict }: Mark): boolean =>
  verdict === "look" &&
  (name === "edge_confidence" || (name !== "cut_off" && doubts.some((doubt) => doubt === name)));

/** Marks of all measured figures. A missing measurement is left out, except for an unverified product. */
export function marksOf({ measures, plan, image }: Variant, limits: Limits): Mark[] {
  const reasons = doubtsOf(measures);
  const marks = [
    ...driftMarks(measures, plan.asked, limits),
    ...shareMark(measures, image),
    ...scoreMarks(measures, limits),
  ];
  if (reasons.length === 0) return marks;
  return [
    ...reasons.map((name): Mark => ({ name, value: "", verdict: "look", limit: "" })),
    ...marks.map((mark): Mark => (mark.verdict === "look" ? mark : { ...mark, verdict: "plain" })),
  ];
}

const driftMarks = (measures: Measures, asked: readonly string[], { most }: Limits): Mark[] =>
  drifts.flatMap(({ name, parts, fix, show }): Mark[] => {
    const largest = most[name] ?? Infinity;
    const measured = numberIn(measures, name);
    const limit = show(largest);
    if (measured === null) {
      const matters = name === "protected_delta_e" && isUnverified(measures);
      return matters ? [{ name, value: null, verdict: "look", limit, fix }] : [];
    }
    const within = Math.abs(measured) <= largest;
    const verdict = parts.some((part) => asked.includes(part)) ? "asked" : within ? "good" : "look";
    const mark = { name, value: show(Math.abs(measured)), verdict, limit } as const;
    return [verdict === "look" ? { ...mark, fix } : mark];
  });

const scoreMarks = (measures: Measures, { least }: Limits): Mark[] =>
  scores.flatMap(({ name, show }): Mark[] => {
    const measured = numberIn(measures, name);
    const lowest = least[name] ?? 0;
    if (measured === null) return [];
    return [
      { name, value: show(measured), verdict: measured < lowest ? "look" : "good", limit: show(lowest) },
    ];
  });

/** Share of the frame's side that the product's longer side fills. The box is x, y, width, height. */
function shareMark(measures: Measures, size: { width: number; height: number }): Mark[] {
  const [, , width, height] = listIn(measures, "subject_box");
  if (typeof width !== "number" || typeof height !== "number") return [];
  const share = Math.max(width / size.width, height / size.height);
  return [{ name: "subject", value: `${Math.round(share * 100)}%`, verdict: "good", limit: "" }];
}
