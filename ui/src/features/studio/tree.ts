/** Version tree of a product. */
import type { Variant } from "@/api/client";
import type { Turn } from "./turns";

export type Branch = { variant: Variant; turn: Turn; children: Branch[] };

/** Children of the photo and of each picture, in the order of the turns. */
export function treeOf(turns: readonly Turn[]): Branch[] {
  const branches = new Map<string, Branch>();
  for (const turn of turns) {
    for (const variant of turn.variants) branches.set(variant.id, { variant, turn, children: [] });
  }
  const roots: Branch[] = [];
  for (const branch of branches.values()) {
    const parent = branch.variant.parent_id === null ? undefined : branches.get(branch.variant.parent_id);
    (parent?.children ?? roots).push(branch);
  }
  return roots;
}

/**
 * True if the picture made of this one stands below it without an indent: neither has siblings, so that a long run of
 * single steps stays on a narrow screen.
 */
export const goesStraightOn = (branches: readonly Branch[], siblings: readonly Branch[]): boolean =>
  siblings.length === 1 && branches.length === 1;

/** Ids from the root to this picture. */
export function pathTo(variantId: string, turns: readonly Turn[]): Set<string> {
  const variants = new Map(turns.flatMap((turn) => turn.variants).map((each) => [each.id, each]));
  const path = new Set<string>();
  for (let at = variants.get(variantId); at && !path.has(at.id); at = variants.get(at.parent_id ?? "")) {
    path.add(at.id);
  }
  return path;
}
