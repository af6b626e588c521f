/** Light, dark, or as the system has it. */
import { useLayoutEffect } from "react";
import { oneOf, useStored } from "./use-stored";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const isTheme = oneOf(...themes);

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useStored<Theme>("theme", "system", isTheme);
  // Before the first paint, which would flash in the other one.
  useLayoutEffect(() => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  return [theme, setTheme];
}
