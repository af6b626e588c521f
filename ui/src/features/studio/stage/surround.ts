/** The ground around the picture: follows the theme until the user picks one. */
import { oneOf, useStored } from "@/shared/hooks/use-stored";

export const surrounds = ["white", "light", "mid", "dark"] as const;
export type Surround = (typeof surrounds)[number];
type Choice = Surround | "theme";

const isChoice = oneOf<Choice>("theme", ...surrounds);

/** Text on each ground takes ink or white, whichever reads. */
export const grounds: Record<Choice, string> = {
  theme: "bg-stage text-ink-2 [--ground:var(--color-stage)]",
  white: "bg-surround-white text-on-light [--ground:var(--color-surround-white)]",
  light: "bg-surround-light text-on-light [--ground:var(--color-surround-light)]",
  mid: "bg-surround-mid text-on-mid [--ground:var(--color-surround-mid)]",
  dark: "bg-surround-dark text-on-dark [--ground:var(--color-surround-dark)]",
};

export const swatches: Record<Surround, string> = {
  white: "bg-surround-white",
  light: "bg-surround-light",
  mid: "bg-surround-mid",
  dark: "bg-surround-dark",
};

export function useSurround(): [Choice, (surround: Surround) => void] {
  const [choice, setChoice] = useStored<Choice>("surround", "theme", isChoice);
  return [choice, setChoice];
}
