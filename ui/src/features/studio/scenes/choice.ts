/** Choices for the backdrop: scene, custom picture, colour. */
import type { PlanChanges } from "../hooks/use-runs";

export type SceneChoice =
  { kind: "template"; id: string } | { kind: "picture"; imageId: string } | { kind: "color"; color: string };

/** Plan changes for a custom picture or colour. A template is requested by id or instruction instead. */
export function changesOf(choice: Exclude<SceneChoice, { kind: "template" }>): PlanChanges {
  return choice.kind === "picture"
    ? { backdrop: { kind: "picture", image_id: choice.imageId } }
    : { backdrop: { kind: "color", color: choice.color } };
}
