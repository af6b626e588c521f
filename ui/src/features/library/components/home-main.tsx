/** Where the home screen's parts stand below each other. */
import type { ReactNode } from "react";

export function HomeMain({ children }: { children: ReactNode }) {
  return (
    <main
      id="content"
      className="mx-auto flex w-full max-w-[2240px] flex-col gap-6 px-4 py-7 sm:px-6 lg:px-8 xl:px-10 max-sm:gap-5 max-sm:py-2"
    >
      {children}
    </main>
  );
}
