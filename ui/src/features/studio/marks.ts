/** Which figures of a picture are told, and from when on they need a look. */
import { figure } from "@/shared/format";
import { isUnverified } from "@/shared/verified";

export type MarkName =
  | "protected_delta_e"
  | "light_shift_deg"
  | "kelvin_shift"
  | "perspective_deg"
  | "logo_shift_px"
  | "cut_off"
  | "no_product"
  | "subject"
  | "edge_confidence"
  | "quality";

/** What can be brought back by itself. */
export type Fix = "product" | "light" | "tone" | "perspective" | "logo";

/**
 * The value is null where the measure could not be taken, and empty where the name says it all; there is a fix
 * where one is called for. `plain` is within its limits, but on a cut-out that may be wrong says little.
 */
export type Mark = {
  name: MarkName;
  value: string | null;
  verdict: "good" | "asked" | "look" | "plain";
  fix?: Fix;
};

type Measures = Readonly<Record<string, unknown>>;
type Size = { width: number; height: number };

/** Tolerances are what is promised of the product; who asks for one of the `parts` has asked for the change. */
const drifts: {
  name: MarkName;
  limit: number;
  parts: readonly string[];
  fix: Fix;
  show: (n: number) => string;
}[] = [
  { name: "protected_delta_e", limit: 6, parts: [], fix: "product", show: (n) => figure(n) },
  { name: "light_shift_deg", limit: 5, parts: ["light"], fix: "light", show: (n) => `${figure(n, 0)}°` },
  { name: "kelvin_shift", limit: 150, parts: ["tone"], fix: "tone", show: (n) => `${figure(n, 0)} K` },
  {
    name: "perspective_deg",
    limit: 1,
    parts: ["framing", "detail"],
    fix: "perspective",
    show: (n) => `${figure(n)}°`,
  },
  { name: "logo_shift_px", limit: 2, parts: [], fix: "logo", show: (n) => `${figure(n)} px` },
];

/** Below this the outline of a cut-out wants to be looked at. */
const LOW_EDGE_CONFIDENCE = 0.9;

/** Below this another of the candidates, or another ground, is likely to look better. */
const LOW_QUALITY = 0.6;

const numberIn = (measures: Measures, name: string): number | null => {
  const value = measures[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
};

type Doubt = "no_product" | "cut_off" | "edge_confidence";

/** What is wrong with the cut-out, if anything: all the other figures rest on it. */
function doubtOf(measures: Measures): Doubt | null {
  if (numberIn(measures, "coverage") === 0) return "no_product";
  if (Array.isArray(measures.cut_sides) && measures.cut_sides.length > 0) return "cut_off";
  const edges = numberIn(measures, "edge_confidence");
  return measures.certain === false || (edges !== null && edges < LOW_EDGE_CONFIDENCE)
    ? "edge_confidence"
    : null;
}

/** Marks for the figures that were measured; what was not is left out, but for a product nobody can vouch for. */
export function marksOf(measures: Measures, asked: readonly string[], size: Size): Mark[] {
  const doubt = doubtOf(measures);
  const marks = measuredMarks(measures, asked, size);
  if (doubt === null) return marks;
  const rest = marks.map((mark): Mark => {
    if (mark.name === doubt) return { ...mark, verdict: "look" };
    return mark.verdict === "look" ? mark : { ...mark, verdict: "plain" };
  });
  return doubt === "edge_confidence" ? rest : [{ name: doubt, value: "", verdict: "look" }, ...rest];
}

function measuredMarks(measures: Measures, asked: readonly string[], size: Size): Mark[] {
  const marks = drifts.flatMap(({ name, limit, parts, fix, show }): Mark[] => {
    const measured = numberIn(measures, name);
    if (measured === null) {
      const matters = name === "protected_delta_e" && isUnverified(measures);
      return matters ? [{ name, value: null, verdict: "look", fix }] : [];
    }
    const within = Math.abs(measured) <= limit;
    const verdict = parts.some((part) => asked.includes(part)) ? "asked" : within ? "good" : "look";
    const mark = { name, value: show(Math.abs(measured)), verdict } as const;
    return [verdict === "look" ? { ...mark, fix } : mark];
  });
  const share = subjectShare(measures, size);
  if (share !== null) marks.push({ name: "subject", value: `${Math.round(share * 100)}%`, verdict: "good" });
  const edges = numberIn(measures, "edge_confidence");
  if (edges !== null) {
    const verdict = edges < LOW_EDGE_CONFIDENCE ? "look" : "good";
    marks.push({ name: "edge_confidence", value: `${Math.floor(edges * 100)}%`, verdict });
  }
  const quality = numberIn(measures, "quality");
  if (quality !== null) {
    const verdict = quality < LOW_QUALITY ? "look" : "good";
    marks.push({ name: "quality", value: `${Math.round(quality * 100)}`, verdict });
  }
  return marks;
}

/** How much of the picture's side the product's longer side takes; the box is x, y, width, height. */
function subjectShare(measures: Measures, size: Size): number | null {
  const box: unknown = measures.subject_box;
  if (!Array.isArray(box) || box.length !== 4) return null;
  const [, , width, height] = box as number[];
  if (typeof width !== "number" || typeof height !== "number") return null;
  return Math.max(width / size.width, height / size.height);
}
