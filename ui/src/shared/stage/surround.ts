/** Colours of each surround. */
import type { Surround, SurroundChoice } from "@/shared/hooks/use-surround";

/** Text colour on each surround: ink or white, by contrast. */
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
