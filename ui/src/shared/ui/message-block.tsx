/** The one message of a screen on which there is nothing else yet, with its buttons. */
import type { ReactNode } from "react";

export function MessageBlock({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col items-start gap-4 bg-stage px-[72px] py-16 max-sm:px-5 max-sm:py-10">
      <h1 className="text-figure font-semibold">{title}</h1>
      {children}
    </section>
  );
}

/** Layout of a screen with one column. */
export const column = "mx-auto w-full max-w-[1120px] px-4 py-7 sm:px-6 max-sm:py-5 lg:px-8";
