/** How each ground around the picture looks. */
import type { Surround, SurroundChoice } from "@/shared/hooks/use-surround";

/** Text on each ground takes ink or white, whichever reads. */
export const grounds: Record<SurroundChoice, string> = {
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
