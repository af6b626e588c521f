/** Toolbar (WAI-ARIA): a named group of controls that is one tab stop. */
import type { ReactNode } from "react";
import { useRovingFocus } from "../hooks/use-roving-focus";

type ToolbarProps = { label: string; className?: string; children: ReactNode };

export function Toolbar({ label, className, children }: ToolbarProps) {
  return (
    <div role="toolbar" aria-label={label} className={className} {...useRovingFocus()}>
      {children}
    </div>
  );
}
