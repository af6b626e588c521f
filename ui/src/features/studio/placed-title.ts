/** Title of a turn that placed the product by hand. */
import type { Schemas } from "@/api/client";

type Change = Schemas["PlanChange"];
type Placement = "centred" | "moved" | "larger" | "smaller" | "resized" | "turned";

const PLACES = ["x", "y", "fill", "rotation_deg"];

const numberIn = (value: unknown) => (typeof value === "number" ? value : null);

/** Returns null if the turn changed anything else. A new size or angle changes the position as well. */
export function placementsIn(changes: readonly Change[]): Placement[] | null {
  const isPlaced = changes.every(({ part, field }) => part === "framing" && PLACES.includes(field));
  if (!isPlaced || changes.length === 0) return null;
  const of = (field: string) => changes.find((change) => change.field === field);
  const size = of("fill");
  const said: Placement[] = [];
  if (size) {
    const [from, to] = [numberIn(size.from), numberIn(size.to)];
    said.push(from === null || to === null ? "resized" : to > from ? "larger" : "smaller");
  }
  if (of("rotation_deg")) said.push("turned");
  if (said.length > 0) return said;
  const isCentred = ["x", "y"].every((field) => (of(field)?.to ?? 0.5) === 0.5) && of("y");
  return [isCentred ? "centred" : "moved"];
}

/** Removes the figure at the end of a label. */
export const withoutFigure = (label: string): string =>
  label.replace(/\s*[（(][^（）()]*\d[^（）()]*[)）]$/u, "");
