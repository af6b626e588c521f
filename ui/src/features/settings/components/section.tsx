/** A part of the settings under its own heading. */
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
