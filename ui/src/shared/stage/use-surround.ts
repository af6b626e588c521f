/** Surround of the picture: follows the theme until the user picks one. */
import { oneOf, useStored } from "../hooks/use-stored";

export const surrounds = ["white", "light", "mid", "dark"] as const;
type SurroundChoice = (typeof surrounds)[number] | "theme";

export const surroundChoices: readonly SurroundChoice[] = ["theme", ...surrounds];
const isChoice = oneOf(...surroundChoices);

/** Classes of each surround. Its text is ink or white, by contrast. */
export const grounds: Record<SurroundChoice, string> = {
  theme: "bg-stage text-ink-2 [--ground:var(--color-stage)]",
  white: "bg-surround-white text-on-light [--ground:var(--color-surround-white)]",
  light: "bg-surround-light text-on-light [--ground:var(--color-surround-light)]",
  mid: "bg-surround-mid text-on-mid [--ground:var(--color-surround-mid)]",
  dark: "bg-surround-dark text-on-dark [--ground:var(--color-surround-dark)]",
};

export const useSurround = () => useStored<SurroundChoice>("surround", "theme", isChoice);

/** Classes of the surround in use. */
export const useGround = () => grounds[useSurround()[0]];
