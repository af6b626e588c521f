/** The studio around a part of it, with as much of its state as the part reads. */
import type { ReactNode } from "react";
import { StudioContext, type Studio } from "@/features/studio/hooks/use-studio";

type Parts = { [Name in keyof Studio]?: Partial<Studio[Name]> };

export const inStudio = (parts: Parts, children: ReactNode) => (
  <StudioContext value={parts as Studio}>{children}</StudioContext>
);
