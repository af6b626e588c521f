/** Window title of the current screen. */
import { useEffect } from "react";

export function useTitle(title: string): void {
  useEffect(() => {
    const show = () => {
      if (!document.hidden) document.title = `${title} · Stillroom`;
    };
    show();
    document.addEventListener("visibilitychange", show);
    return () => {
      document.removeEventListener("visibilitychange", show);
      document.title = "Stillroom";
    };
  }, [title]);
}
