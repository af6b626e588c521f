/** Section, row and bar of the settings. */
import type { ReactNode } from "react";

type SectionProps = { title: string; lead?: string; aside?: ReactNode; children: ReactNode };

export function Section({ title, lead, aside, children }: SectionProps) {
  return (
    <section>
      <div className="flex items-end justify-between gap-3 border-b border-line-strong pb-2">
        <div>
          <h2 className="text-lead font-semibold">{title}</h2>
          {lead && <p className="text-data text-ink-2">{lead}</p>}
        </div>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** The control has its own accessible label. */
export function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-b border-line py-3">
      <span aria-hidden="true">{label}</span>
      {children}
    </div>
  );
}

/** Thin bar that shows a share of a whole. */
export function ShareBar({ share, className = "bg-accent" }: { share: number; className?: string }) {
  return (
    <span className="mt-1.5 block h-[3px] bg-line" aria-hidden="true">
      <span className={`block h-full origin-left ${className}`} style={{ transform: `scaleX(${share})` }} />
    </span>
  );
}
