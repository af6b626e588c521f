/** Theme: light, dark or the system's. */
import { useLayoutEffect } from "react";
import { oneOf, useStored } from "./use-stored";

export const themes = ["system", "light", "dark"] as const;
type Theme = (typeof themes)[number];

const isTheme = oneOf(...themes);

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useStored<Theme>("theme", "system", isTheme);
  // Before the first paint, to avoid a flash of the other theme.
  useLayoutEffect(() => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
  return [theme, setTheme];
}
