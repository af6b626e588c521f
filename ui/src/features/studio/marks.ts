/** Which figures of a picture are told, and from when on they need a look. */
import { figure } from "@/shared/format";

export type MarkName =
  "protected_delta_e" | "light_shift_deg" | "kelvin_shift" | "perspective_deg" | "logo_shift_px";

export type Mark = { name: MarkName; value: string; verdict: "good" | "asked" | "look" };

/** Tolerances are the product's promise over five turns; `part` is what a user asks for to allow the change. */
const tolerances: { name: MarkName; limit: number; part: string | null; show: (n: number) => string }[] = [
  { name: "protected_delta_e", limit: 1.5, part: null, show: (n) => figure(n) },
  { name: "light_shift_deg", limit: 5, part: "light", show: (n) => `${figure(n, 0)}°` },
  { name: "kelvin_shift", limit: 150, part: "tone", show: (n) => `${figure(n, 0)} K` },
  { name: "perspective_deg", limit: 1, part: "framing", show: (n) => `${figure(n)}°` },
  { name: "logo_shift_px", limit: 2, part: null, show: (n) => `${figure(n)} px` },
];

const unsigned = new Set<MarkName>(["protected_delta_e", "logo_shift_px"]);

/** Marks for the figures that were measured; what was not is left out. */
export function marksOf(measures: Readonly<Record<string, unknown>>, asked: readonly string[]): Mark[] {
  return tolerances.flatMap(({ name, limit, part, show }): Mark[] => {
    const measured = measures[name];
    if (typeof measured !== "number" || !Number.isFinite(measured)) return [];
    const within = Math.abs(measured) <= limit;
    const verdict = within ? "good" : part !== null && asked.includes(part) ? "asked" : "look";
    return [{ name, value: show(unsigned.has(name) ? measured : Math.abs(measured)), verdict }];
  });
}

/** Whether the product could not be matched with the photo, so that nobody can vouch for it. */
export const isUnverified = (measures: Readonly<Record<string, unknown>>) => measures.verified === false;
