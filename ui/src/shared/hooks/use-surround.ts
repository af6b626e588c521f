/** Surround of the picture: follows the theme until the user picks one. */
import { oneOf, useStored } from "./use-stored";

export const surrounds = ["white", "light", "mid", "dark"] as const;
export type Surround = (typeof surrounds)[number];
export type SurroundChoice = Surround | "theme";

export const surroundChoices: readonly SurroundChoice[] = ["theme", ...surrounds];
const isChoice = oneOf(...surroundChoices);

export const useSurround = () => useStored<SurroundChoice>("surround", "theme", isChoice);
