/** What can be chosen to stand behind the product: a scene, an own picture, a colour. */
import type { PlanChanges } from "../hooks/use-runs";

export type SceneChoice =
  { kind: "template"; id: string } | { kind: "picture"; imageId: string } | { kind: "color"; color: string };

/** The fields of a plan that put it there; a template is asked for by its id or its words. */
export function changesOf(choice: Exclude<SceneChoice, { kind: "template" }>): PlanChanges {
  return choice.kind === "picture"
    ? { backdrop: { kind: "picture", image_id: choice.imageId } }
    : { backdrop: { kind: "color", color: choice.color } };
}
